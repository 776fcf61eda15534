/**
 * An order whose id was lost. PayPal cannot be asked by our number, but its list of transactions carries it; what is
 * not on that list may still come, for the list is hours late.
 */
import type { FindOutcome } from '../../provider.ts';
import type { ApiAnswer, Paypal } from './client.ts';
import { Capture, stateOfCapture } from './order.ts';
import { listBookings } from './transactions.ts';

const daysMax = 30;
/** Where more was sold, the notification has to find it. */
const callsMax = 25;

export async function findByNumber(paypal: Paypal, number: string): Promise<FindOutcome> {
  const to = await timeAt(paypal);
  if (!to) return { status: 'unknown' };
  const from = new Date(to.getTime() - daysMax * 86_400_000);
  const listed = await listBookings(paypal, { from, to }, { callsMax });
  if (listed.status !== 'listed') return { status: 'unknown' };
  const booking = listed.bookings.find(
    ({ invoice_id, transaction_event_code: code }) =>
      invoice_id === number && code.startsWith('T00'),
  );
  if (!booking) return { status: 'unknown' };
  const capture = await readCapture(paypal, booking.transaction_id);
  // Without its number it could be anybody's.
  if (capture?.custom_id !== number) return { status: 'unknown' };
  return stateOfCapture(capture, { number, merchant: paypal.settings.clientId });
}

/** PayPal's own time: it lists nothing of what it takes for the future. */
async function timeAt({ client, settings }: Paypal): Promise<Date | null | undefined> {
  const path = `/v1/notifications/webhooks/${encodeURIComponent(settings.webhookId)}`;
  return (await client.call({ method: 'GET', path }))?.at;
}

export async function readCapture(paypal: Paypal, id: string): Promise<Capture | undefined> {
  const path = `/v2/payments/captures/${encodeURIComponent(id)}`;
  const answer: ApiAnswer | undefined = await paypal.client.call({ method: 'GET', path });
  const capture = answer?.status === 200 ? Capture.safeParse(answer.json).data : undefined;
  return capture?.id === id ? capture : undefined;
}
