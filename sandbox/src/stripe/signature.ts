/** `Stripe-Signature`: the time, and an HMAC of it and the body, with the endpoint's whole secret as key. */
import { createHmac } from 'node:crypto';

export interface Signing {
  secret: string;
  seconds: number;
  body: string;
}

export function signatureOf({ secret, seconds, body }: Signing): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
}

/** An endpoint whose secret is being changed is signed for with the old one too. */
export function headerOf(
  { seconds, body }: Omit<Signing, 'secret'>,
  secrets: readonly string[],
): string {
  const signatures = secrets.map((secret) => `v1=${signatureOf({ secret, seconds, body })}`);
  return [`t=${seconds}`, ...signatures].join(',');
}
