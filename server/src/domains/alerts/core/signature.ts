/** Signs a message by Standard Webhooks. https://github.com/standard-webhooks/standard-webhooks */
import { createHmac } from 'node:crypto';

/** The headers of a message; unsigned without a secret, whose text is the key unless it is `whsec_` and base64. */
export function messageHeaders(message: {
  id: string;
  at: Date;
  body: string;
  secret: string | undefined;
}): Record<string, string> {
  const { id, at, body, secret } = message;
  const seconds = String(Math.floor(at.getTime() / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': seconds };
  if (secret === undefined) return headers;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
