/**
 * The keys of both sides. The platform proves itself with its public key, which has an id, or with certificates, whose
 * serial numbers tell them apart; both may be known at once while a merchant moves from the latter to the former.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Public keys of the platform by the name that a signature carries. */
export type PlatformKeys = ReadonlyMap<string, KeyObject>;

const pemForm = /-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\s\\]+?)-----END \1-----/g;
const certificatesMax = 10;
const modulusBitsMin = 2048;

/** @throws Error for a text that is no RSA private key. */
export function readPrivateKey(text: string): KeyObject {
  const block = blocksOf(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!block) throw new Error('there is no private key');
  return requireRsa(createPrivateKey(block.pem));
}

/** @throws Error for what is no RSA public key or no certificate. */
export function readPlatformKeys(written: {
  keyId: string;
  publicKey: string;
  certificates: string;
}): PlatformKeys {
  const keys = new Map<string, KeyObject>();
  if (written.keyId !== '' && written.publicKey !== '') {
    // A private key would be taken too, and this setting is shown to whoever may see settings.
    const block = blocksOf(written.publicKey).find(({ label }) => label.endsWith('PUBLIC KEY'));
    if (!block) throw new Error('there is no public key');
    keys.set(written.keyId, requireRsa(createPublicKey(block.pem)));
  }
  if (written.certificates !== '') {
    const blocks = blocksOf(written.certificates).filter(({ label }) => label === 'CERTIFICATE');
    if (blocks.length === 0) throw new Error('there is no certificate');
    for (const block of blocks.slice(0, certificatesMax)) {
      const { serialNumber, publicKey } = new X509Certificate(block.pem);
      keys.set(serialNumber.toUpperCase(), requireRsa(publicKey));
    }
  }
  return keys;
}

/** Whether two keys, of which one may be private, belong together. */
export function isSamePair(a: KeyObject, b: KeyObject): boolean {
  return publicPartOf(a).equals(publicPartOf(b));
}

function publicPartOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

function requireRsa(key: KeyObject): KeyObject {
  const isStrong = (key.asymmetricKeyDetails?.modulusLength ?? 0) >= modulusBitsMin;
  if (key.asymmetricKeyType !== 'rsa' || !isStrong) throw new Error('the key is no RSA-2048 key');
  return key;
}

/** PEM as it should be: forms and environment variables lose its line breaks, or write them as `\n`. */
function blocksOf(text: string): { label: string; pem: string }[] {
  return [...text.matchAll(pemForm)].map(([, label = '', body = '']) => {
    const lines = body.replace(/\\[nr]|\s/g, '').match(/.{1,64}/g) ?? [];
    const pem = `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
    return { label, pem };
  });
}
