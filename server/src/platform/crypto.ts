/** Sealed secrets, hashes of secrets, and comparisons that take the same time whatever differs. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { invariant } from './errors.ts';

/** Seals secrets with AES-256-GCM; `purpose` binds a sealed text to its place, so that it opens nowhere else. */
export interface Sealer {
  seal(plain: string, purpose: string): string;
  open(sealed: string, purpose: string): string;
  /** A 32-byte key for one use, derived from the deployment's secret. */
  derive(purpose: string): Buffer;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** A sealer under `SLUICE_SECRET_KEY`: any text of at least 32 characters. */
export function createSealer(secretKey: string): Sealer {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secretKey, 'sluice', purpose, 32));
  const key = derive('seal');
  return {
    derive,
    seal(plain, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed, purpose) {
      const [form, text] = sealed.split('.');
      invariant(form === version && text, 'a sealed text begins with its version');
      const bytes = Buffer.from(text, 'base64url');
      const nonce = bytes.subarray(0, nonceBytes);
      const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
        .setAAD(Buffer.from(purpose))
        .setAuthTag(tag);
      const body = bytes.subarray(nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

/** SHA-256 in hex: how secrets of 256 random bits are kept. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A secret of 256 random bits, in URL-safe base 64, behind a prefix that names its kind. */
export function newSecret(prefix: string): string {
  return prefix + randomBytes(32).toString('base64url');
}

const tokenAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const tokenLength = 26;

/** 130 random bits in lower-case letters and digits behind a prefix: short enough to be sent, too many to be guessed. */
export function newToken(prefix: string): string {
  const bytes = randomBytes(tokenLength);
  return prefix + Array.from(bytes, (byte) => tokenAlphabet[byte % tokenAlphabet.length]).join('');
}

/** Compares two texts in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
