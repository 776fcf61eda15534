/** How notifications are signed, and how the vendor's own verification reads a signature again. */
import { createPrivateKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeCertificate } from './certificate.ts';

export const ALGORITHM = 'SHA256withRSA';
const SIGNER = 'messageverificationcerts.sandbox.paypal.com';
const AUTHORITY = 'Sandbox PayPal Authority';
const YEARS = 10;

export interface SigningKeys {
  id: string;
  /** The signer's certificate, then its authority's. */
  certificates: string;
  privateKey: string;
}

export function transmissionText(
  { id, time }: { id: string; time: string },
  webhookId: string,
  body: Buffer,
): string {
  return `${id}|${time}|${webhookId}|${crc32(body)}`;
}

/** Keys are drawn when something is first signed: two of them cost a quarter of a second. */
export class Signer {
  readonly #path: string | undefined;
  #keys: SigningKeys | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  get keys(): SigningKeys {
    if (this.#keys) return this.#keys;
    if (this.#path !== undefined && existsSync(this.#path)) {
      this.#keys = JSON.parse(readFileSync(this.#path, 'utf8')) as SigningKeys;
    } else {
      this.#keys = drawKeys();
      if (this.#path !== undefined) {
        writeFileSync(this.#path, JSON.stringify(this.#keys), { mode: 0o600 });
      }
    }
    return this.#keys;
  }

  sign(text: string): string {
    const key = createPrivateKey(this.keys.privateKey);
    return sign('sha256', Buffer.from(text, 'utf8'), key).toString('base64');
  }

  isSigned(text: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64');
    // Base64 is read leniently: only the one spelling is a signature.
    if (given.toString('base64') !== signature) return false;
    return verify('sha256', Buffer.from(text, 'utf8'), this.keys.certificates, given);
  }
}

export function drawKeys(commonName = SIGNER): SigningKeys {
  const authority = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const from = new Date(Date.now() - 86_400_000);
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + YEARS);
  const common = { issuer: AUTHORITY, issuerKey: authority.privateKey, from, to };
  const certificates = [
    { commonName, publicKey: signer.publicKey, isAuthority: false },
    { commonName: AUTHORITY, publicKey: authority.publicKey, isAuthority: true },
  ].map((subject) => writeCertificate({ ...common, ...subject }));
  return {
    id: `CERT-${randomUUID()}`,
    certificates: certificates.join(''),
    privateKey: signer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
