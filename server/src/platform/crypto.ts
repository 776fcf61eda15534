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
  /** @throws SealNotOpened */
  open(sealed: string, purpose: string): string;
  /** A 32-byte key for one use, derived from the deployment's root, which stays when the key is changed. */
  derive(purpose: string): Buffer;
  /** Names the key that seals; it tells nothing of the key. */
  keyId: string;
}

export interface SealerOptions {
  /** Other keys that open. */
  beside?: readonly string[];
  /** What `derive` derives from; the key itself when left out. */
  root?: string;
}

/** It was sealed under a key that was not given, for another place, or is not what was sealed. */
export class SealNotOpened extends Error {}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;

interface SealingKey {
  id: string;
  bytes: Buffer;
}

/**
 * A sealer under `SLUICE_SECRET_KEY`: any text of at least 32 characters. A sealed text is `v1.<bytes>.<key id>`; those
 * of earlier releases have no id, and those releases read over it.
 */
export function createSealer(secretKey: string, options: SealerOptions = {}): Sealer {
  const { beside = [], root = secretKey } = options;
  const key = sealingKey(secretKey);
  const ring = [key, ...beside.map(sealingKey)];
  return {
    keyId: key.id,
    derive: (purpose) => deriveFrom(root, purpose, 32),
    seal(plain, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const text = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
      return `${version}.${text}.${key.id}`;
    },
    open(sealed, purpose) {
      const [form, text, id] = sealed.split('.');
      invariant(form === version && text, 'a sealed text begins with its version');
      const bytes = Buffer.from(text, 'base64url');
      if (id !== undefined) {
        const named = ring.find((one) => one.id === id);
        if (named) return openWith(named, bytes, purpose);
        throw new SealNotOpened(`It is sealed under the key ${id}, which is not given.`);
      }
      return openWithAny(ring, bytes, purpose);
    },
  };
}

/** Names a secret without telling anything of it. */
export function keyIdOf(secretKey: string): string {
  return deriveFrom(secretKey, 'key id', keyIdBytes).toString('hex');
}

/** The name of the key that a text was sealed under; undefined where it does not say. */
export function sealedUnder(sealed: string): string | undefined {
  return sealed.split('.')[2];
}

function sealingKey(secretKey: string): SealingKey {
  return { id: keyIdOf(secretKey), bytes: deriveFrom(secretKey, 'seal', 32) };
}

function deriveFrom(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'sluice', purpose, bytes));
}

function openWithAny(ring: readonly SealingKey[], bytes: Buffer, purpose: string): string {
  for (const key of ring.slice(0, -1)) {
    try {
      return openWith(key, bytes, purpose);
    } catch (error) {
      // The seal itself says whether the key is right: the next one may be.
      if (!(error instanceof SealNotOpened)) throw error;
    }
  }
  return openWith(ring.at(-1) as SealingKey, bytes, purpose);
}

function openWith(key: SealingKey, bytes: Buffer, purpose: string): string {
  const nonce = bytes.subarray(0, nonceBytes);
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce)
    .setAAD(Buffer.from(purpose))
    .setAuthTag(tag);
  const body = bytes.subarray(nonceBytes + tagBytes);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SealNotOpened(`The key ${key.id} does not open it.`, { cause: error });
  }
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
