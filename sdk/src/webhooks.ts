/** Proof that a webhook is from Sluice: Standard Webhooks (standardwebhooks.com), HMAC-SHA256 over id, time and body. */
import { SluiceError } from './errors.ts';

export interface WebhookInput {
  /** `whsec_…`, from the endpoint's page. */
  secret: string;
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The bytes as they came; a body that was parsed and written again has another signature. */
  body: string | Uint8Array;
  /** How far its time may be from now, so that a recorded one cannot be sent again later. */
  toleranceSeconds?: number;
  now?: () => number;
}

/** The webhook is forged, too old, or was changed on the way: answer 400 and do nothing. */
export class WebhookVerificationError extends SluiceError {
  override readonly name = 'WebhookVerificationError';
}

/**
 * The parsed event, once its signature and time were checked.
 * @throws WebhookVerificationError
 */
export async function verifyWebhook<T = unknown>(input: WebhookInput): Promise<T> {
  const id = headerOf(input.headers, 'webhook-id');
  const timestamp = headerOf(input.headers, 'webhook-timestamp');
  const signatures = headerOf(input.headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) {
    throw refusal('The headers webhook-id, webhook-timestamp and webhook-signature are needed.');
  }
  checkTime(timestamp, input);
  const encoder = new TextEncoder();
  const body = typeof input.body === 'string' ? encoder.encode(input.body) : input.body;
  const signed = joined(encoder.encode(`${id}.${timestamp}.`), body);
  const key = await importSecret(input.secret);
  for (const signature of signatures.split(' ').slice(0, signaturesMax)) {
    const bytes = signature.startsWith('v1,') ? bytesOf(signature.slice(3)) : undefined;
    // Compares in constant time.
    if (bytes && (await crypto.subtle.verify('HMAC', key, bytes, signed))) {
      return JSON.parse(new TextDecoder().decode(body)) as T;
    }
  }
  throw refusal('No signature fits: check the secret, and that the body is unchanged.');
}

const toleranceSecondsDefault = 300;
/** While a secret is rotated there are two; more are not worth the arithmetic. */
const signaturesMax = 10;

function checkTime(timestamp: string, { toleranceSeconds, now = Date.now }: WebhookInput): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const awaySeconds = Math.abs(now() / 1000 - seconds);
  if (!(awaySeconds <= (toleranceSeconds ?? toleranceSecondsDefault))) {
    throw refusal('Its time is too far from now.');
  }
}

function headerOf(headers: WebhookInput['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return Array.isArray(found) ? found[0] : found;
}

function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''));
  if (!bytes?.length) throw refusal('The secret is not one: copy it from the endpoint’s page.');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

function refusal(sentence: string): WebhookVerificationError {
  return new WebhookVerificationError('webhook_invalid', sentence);
}
