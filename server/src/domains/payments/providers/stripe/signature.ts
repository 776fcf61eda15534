/** Stripe's signature, checked by its SDK over the bytes as they came. https://docs.stripe.com/webhooks/signature */
import { isUtf8 } from 'node:buffer';

export interface Signed {
  body: Buffer;
  header: string | string[] | undefined;
  secret: string;
  /** Now, unless told otherwise; in milliseconds. */
  receivedAtMs?: number;
}

export type Opened = { proved: true; event: unknown } | { proved: false; reason: string };

/** What an event may be old; Stripe signs each repetition anew. */
const toleranceSeconds = 300;

export async function openSigned({ body, header, secret, receivedAtMs }: Signed): Promise<Opened> {
  if (typeof header !== 'string' || header === '') return refuse('the signature is missing');
  // Anyone can sign with a secret that has no characters.
  if (secret.trim() === '') return refuse('the signing secret is blank');
  // Bytes that are no text would be read as other text than was signed.
  if (!isUtf8(body)) return refuse('the body is no UTF-8');
  const { default: Stripe } = await import('stripe');
  try {
    const { webhooks } = Stripe;
    const given = [body, header, secret, toleranceSeconds] as const;
    return { proved: true, event: webhooks.constructEvent(...given, undefined, receivedAtMs) };
  } catch {
    return refuse('the signature is wrong or too old, or the body is no event');
  }
}

function refuse(reason: string): Opened {
  return { proved: false, reason };
}
