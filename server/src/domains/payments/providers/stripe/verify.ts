/** Whether an event is from our account at Stripe: by the SDK, over the bytes as they came. */
import { isUtf8 } from 'node:buffer';
import Stripe from 'stripe';
import type { Notification, Verification } from '../../provider.ts';
import type { StripeSettings } from './settings.ts';

/** What an event may be old; Stripe signs each repetition anew. */
const toleranceSeconds = 300;

export function verifyEvent(settings: StripeSettings, notification: Notification): Verification {
  const { method, headers, body } = notification;
  const header = headers['stripe-signature'];
  if (method !== 'POST') return refuse('it is no POST');
  if (typeof header !== 'string' || header === '') return refuse('the signature is missing');
  // Bytes that are no text would be read as other text than was signed.
  if (!isUtf8(body)) return refuse('the body is no UTF-8');
  let event: unknown;
  try {
    const { webhookSecret } = settings;
    event = Stripe.webhooks.constructEvent(body, header, webhookSecret, toleranceSeconds);
  } catch {
    return refuse('the signature is wrong or too old');
  }
  return judgeEnvelope(event, settings);
}

function judgeEnvelope(event: unknown, { isLive }: StripeSettings): Verification {
  if (!isRecord(event) || event.object !== 'event' || !isRecord(event.data)) {
    return refuse('it is no event');
  }
  if (typeof event.id !== 'string' || typeof event.type !== 'string') {
    return refuse('it is no event');
  }
  if (event.livemode !== isLive) return refuse('its mode is not the mode of our key');
  // Present where an event is another account's, which connected to ours.
  if (event.account !== undefined && event.account !== null) {
    return refuse('it is of a connected account');
  }
  return { verified: true, claims: event };
}

function refuse(reason: string): Verification {
  return { verified: false, reason };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
