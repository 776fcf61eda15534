/**
 * The MD5 signature of Credit and other epay gateways: fields sorted by name, `k=v` joined with `&`, the key appended.
 * Values are signed raw, not percent-encoded; `sign`, `sign_type` and empty values are left out.
 */
import { createHash } from 'node:crypto';
import { invariant } from '../../../../platform/errors.ts';

/** How the key follows the fields: directly, or as a last `&key=`. */
export type SignKeyMode = 'plain' | 'amp_key';

export function signatureOf(
  fields: Readonly<Record<string, string>>,
  key: string,
  mode: SignKeyMode,
): string {
  // Anyone can compute a signature made with an empty key.
  invariant(key.trim() !== '', 'a signature needs a key');
  const canonical = Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const tail = mode === 'amp_key' ? `&key=${key}` : key;
  return createHash('md5')
    .update(canonical + tail, 'utf8')
    .digest('hex');
}
