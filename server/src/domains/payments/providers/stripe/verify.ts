/** Whether an event is from our account at Stripe, in the mode of our key. */
import type { Notification, Verification } from '../../provider.ts';
import type { StripeSettings } from './settings.ts';
import { openSigned } from './signature.ts';

export async function verifyEvent(
  settings: StripeSettings,
  notification: Notification,
): Promise<Verification> {
  const { method, headers, body } = notification;
  if (method !== 'POST') return refuse('it is no POST');
  const header = headers['stripe-signature'];
  const opened = await openSigned({ body, header, secret: settings.webhookSecret });
  return opened.proved ? judgeEnvelope(opened.event, settings) : refuse(opened.reason);
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
