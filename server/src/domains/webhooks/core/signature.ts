/** Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec */
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

export interface Message {
  /** The header `webhook-id`. */
  id: string;
  /** The header `webhook-timestamp`: when this try was made. */
  at: Date;
  body: string;
}

/** Random bytes as receivers' libraries read a secret. */
export function secretOf(bytes: Buffer): string {
  return prefix + bytes.toString('base64');
}

/** The three headers; more than one secret signs while one takes the place of another. */
export function signedHeaders(
  { id, at, body }: Message,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
