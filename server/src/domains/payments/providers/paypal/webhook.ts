/** Proves a notification by asking PayPal: first whether it sent it, then how what it tells of stands now. */
import { z } from 'zod';
import type { Claims, Notification, Verification } from '../../provider.ts';
import type { Paypal } from './client.ts';
import { readDispute } from './disputes.ts';
import { readRefund } from './refunds.ts';
import { readTransmission, type Transmission } from './signature.ts';
import { findMethod } from './vault.ts';

const VerifyAnswer = z.object({ verification_status: z.enum(['SUCCESS', 'FAILURE']) });

export async function verifyWebhook(
  paypal: Paypal,
  { headers, body }: Notification,
): Promise<Verification> {
  const certificates = `${paypal.settings.apiUrl}/v1/notifications/certs/`;
  const read = readTransmission(headers, certificates);
  if (!read.readable) return refuse(read.reason);
  const event = readEvent(body);
  if (!event) return refuse('the body is no JSON object in UTF-8');
  const answer = await paypal.client.call({
    method: 'POST',
    path: '/v1/notifications/verify-webhook-signature',
    body: verifyRequest(read.transmission, paypal.settings.webhookId, event.text),
  });
  const { data } = VerifyAnswer.safeParse(answer?.json);
  if (answer?.status !== 200 || !data) return undecided;
  if (data.verification_status !== 'SUCCESS') return refuse('PayPal says that it did not sign it');
  return confirm(paypal, event.claims);
}

/**
 * The event goes in as the text that came: written anew it would have another checksum. It is known to be one whole
 * JSON value, so nothing in it can end the field that holds it and begin another.
 */
export function verifyRequest(sent: Transmission, webhookId: string, event: string): string {
  const fields = JSON.stringify({
    auth_algo: sent.algorithm,
    cert_url: sent.certificateUrl,
    transmission_id: sent.id,
    transmission_sig: sent.signature,
    transmission_time: sent.time,
    webhook_id: webhookId,
  });
  return `${fields.slice(0, -1)},"webhook_event":${event}}`;
}

const Event = z.looseObject({ event_type: z.string() });

function readEvent(body: Buffer): { text: string; claims: Claims } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const claims = Event.safeParse(JSON.parse(text)).data;
    return claims && { text, claims };
  } catch {
    return undefined;
  }
}

const Named = z.object({ id: z.string().optional(), dispute_id: z.string().optional() });

/**
 * Puts what PayPal says now in the place of what the notification says: news comes late, twice and out of order, and
 * its signature covers a checksum only. Payments are left out, for the order is asked about in any case.
 */
async function confirm(paypal: Paypal, claims: Claims): Promise<Verification> {
  const type = String(claims.event_type);
  const { data: named } = Named.safeParse(claims.resource);
  if (type.startsWith('CUSTOMER.DISPUTE.')) {
    return replaced(claims, await readDispute(paypal, named?.dispute_id ?? ''));
  }
  if (type === 'PAYMENT.CAPTURE.REFUNDED' || type.startsWith('PAYMENT.REFUND.')) {
    return replaced(claims, await readRefund(paypal, named?.id ?? ''));
  }
  if (type === 'VAULT.PAYMENT-TOKEN.DELETED') {
    const { status } = await findMethod(paypal, named?.id ?? '');
    if (status === 'unknown') return undecided;
    if (status === 'stored') return refuse('PayPal still has that method');
    return { verified: true, claims };
  }
  return { verified: true, claims };
}

function replaced(claims: Claims, resource: object | 'absent' | undefined): Verification {
  if (resource === undefined) return undecided;
  if (resource === 'absent') return refuse('PayPal knows nothing of what it tells');
  return { verified: true, claims: { ...claims, resource } };
}

const undecided: Verification = {
  verified: false,
  reason: 'PayPal could not be asked whether it is true',
  isUncertain: true,
};

function refuse(reason: string): Verification {
  return { verified: false, reason };
}
