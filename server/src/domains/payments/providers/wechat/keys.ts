/**
 * The keys of both sides. The platform proves itself with its public key, which has an id, or with certificates, whose
 * serial numbers tell them apart; both may be known at once while a merchant moves from the latter to the former.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Public keys of the platform by the name that a signature carries. */
export type PlatformKeys = ReadonlyMap<string, KeyObject>;

const pem = /-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\s\\]+?)-----END \1-----/g;
const certificatesMax = 10;

/** @throws Error for a text that is no RSA private key. */
export function readPrivateKey(text: string): KeyObject {
  const [first] = blocksOf(text);
  const key = createPrivateKey(first?.pem ?? text);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the key is not an RSA key');
  return key;
}

/** @throws Error for what is no RSA public key or no certificate. */
export function readPlatformKeys(written: {
  keyId: string;
  publicKey: string;
  certificates: string;
}): PlatformKeys {
  const keys = new Map<string, KeyObject>();
  if (written.keyId !== '' && written.publicKey !== '') {
    keys.set(written.keyId, requireRsa(createPublicKey(firstOf(written.publicKey))));
  }
  if (written.certificates !== '') {
    const blocks = blocksOf(written.certificates).slice(0, certificatesMax);
    if (blocks.length === 0) throw new Error('there is no certificate');
    for (const block of blocks) {
      const { serialNumber, publicKey } = new X509Certificate(block.pem);
      keys.set(serialNumber.toUpperCase(), requireRsa(publicKey));
    }
  }
  return keys;
}

function firstOf(text: string): string {
  const [first] = blocksOf(text);
  if (!first) throw new Error('there is no PEM block');
  return first.pem;
}

function requireRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the key is not an RSA key');
  return key;
}

/** PEM as it should be: forms and environment variables lose its line breaks, or write them as `\n`. */
function blocksOf(text: string): { pem: string }[] {
  return [...text.matchAll(pem)].map(([, label = '', body = '']) => {
    const lines = body.replace(/\\[nr]|\s/g, '').match(/.{1,64}/g) ?? [];
    return { pem: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n` };
  });
}
