/** What claude-relay-service keeps sealed with its ENCRYPTION_KEY: opened, and used to tell a right key from a wrong one. */
import { createDecipheriv, createHash, scryptSync } from 'node:crypto';

/** Undefined for what was sealed otherwise; padding fits by chance now and then, text does not. */
export function openRelaySecret(
  sealed: string,
  { encryptionKey, salt }: { encryptionKey: string; salt: string },
): string | undefined {
  const match = /^([0-9a-f]{32}):((?:[0-9a-f]{32})+)$/.exec(sealed);
  const [, nonce = '', body = ''] = match ?? [];
  if (!match) return undefined;
  try {
    const key = derivedKey(encryptionKey, salt);
    const decipher = createDecipheriv('aes-256-cbc', key, Buffer.from(nonce, 'hex'));
    const bytes = Buffer.concat([decipher.update(body, 'hex'), decipher.final()]);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[^\p{Cc}]*$/u.test(text.replace(/[\n\r\t]/g, '')) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** How the other system hashes a key. */
export function relayHash(secret: string, encryptionKey: string): string {
  return createHash('sha256')
    .update(secret + encryptionKey)
    .digest('hex');
}

const derived = new Map<string, Buffer>();
const derivedMax = 20;

/** Costs tens of milliseconds each time, on purpose. */
function derivedKey(encryptionKey: string, salt: string): Buffer {
  const name = `${salt} ${encryptionKey}`;
  const known = derived.get(name);
  if (known) return known;
  if (derived.size >= derivedMax) derived.clear();
  const key = scryptSync(encryptionKey, salt, 32);
  derived.set(name, key);
  return key;
}
