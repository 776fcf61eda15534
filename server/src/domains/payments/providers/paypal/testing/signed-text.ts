/**
 * The text that PayPal signs. PayPal verifies its signatures for us; this shows what they cover, and that the bytes which
 * we pass on are the ones that were signed.
 */
import { crc32 } from 'node:zlib';
import type { Transmission } from '../signature.ts';

export function signedText(
  { id, time }: Pick<Transmission, 'id' | 'time'>,
  webhookId: string,
  body: Buffer,
): string {
  return [id, time, webhookId, String(crc32(body))].join('|');
}
