/** `Stripe-Signature`: the time, and an HMAC of it and the body, with the endpoint's whole secret as key. */
import { createHmac } from 'node:crypto';

export function hmacOf(message: string, secret: string): string {
  return createHmac('sha256', secret).update(message, 'utf8').digest('hex');
}

/** An endpoint whose secret is being changed is signed for with the old one too. */
export function headerOf(
  { seconds, body }: { seconds: number; body: string },
  secrets: readonly string[],
): string {
  const signatures = secrets.map((secret) => `v1=${hmacOf(`${seconds}.${body}`, secret)}`);
  return [`t=${seconds}`, ...signatures].join(',');
}
