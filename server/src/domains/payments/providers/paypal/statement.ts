/** A day of PayPal's books, in UTC, as lines of a statement. */
import type { MinorMoney } from '../../../../platform/money.ts';
import type { StatementDay, StatementLine, StatementOutcome } from '../../provider.ts';
import type { Paypal } from './client.ts';
import { readSignedAmount } from './money.ts';
import { type Booking, listBookings } from './transactions.ts';

const dayMs = 86_400_000;
/** Of five hundred transactions each. */
const callsMax = 400;

export async function readStatement(paypal: Paypal, day: StatementDay): Promise<StatementOutcome> {
  const from = new Date(`${day.date}T00:00:00Z`);
  const to = new Date(from.getTime() + dayMs);
  const listed = await listBookings(paypal, { from, to }, { callsMax });
  if (listed.status !== 'listed') return listed;
  // What PayPal booked after it last refreshed its list would look as if it were missing there.
  if (!listed.refreshedAt || listed.refreshedAt < to) return { status: 'not_ready' };
  const lines: StatementLine[] = [];
  for (const booking of listed.bookings) {
    if (!countsIn(booking)) continue;
    const line = lineOf(booking);
    if (!line) return { status: 'unknown' };
    lines.push(line);
  }
  return { status: 'ready', from, to, lines };
}

/** Pending and denied ones have moved nothing. */
function countsIn({ transaction_status }: Booking): boolean {
  return transaction_status === 'S' || transaction_status === 'V';
}

function lineOf(booking: Booking): StatementLine | undefined {
  const amount = readSignedAmount(booking.transaction_amount);
  const fee = booking.fee_amount && readSignedAmount(booking.fee_amount);
  if (!amount) return undefined;
  const kind = kindOf(booking.transaction_event_code);
  return {
    kind,
    ...namesIn(booking, kind),
    providerTransaction: booking.transaction_id,
    amount,
    fee: fee ? keptOf(fee) : null,
    at: new Date(booking.transaction_initiation_date),
  };
}

/** What goes back bears its payment's number in one field and, where we made it, its own in the other. */
function namesIn(booking: Booking, kind: StatementLine['kind']) {
  const { invoice_id: own = null, custom_field: of = null, paypal_reference_id = null } = booking;
  if (kind !== 'refund' && kind !== 'dispute') return { number: own };
  const payment = { number: of, providerTransaction: paypal_reference_id };
  return { number: own === of ? null : own, payment };
}

/** A fee is written as the negative amount that left the account. */
function keptOf({ minor, currency }: MinorMoney): MinorMoney {
  return { minor: minor < 0n ? -minor : 0n, currency };
}

/**
 * What a booking is, by PayPal's event code.
 * https://developer.paypal.com/docs/transaction-search/transaction-event-codes/
 */
function kindOf(code: string): StatementLine['kind'] {
  if (code === 'T1107') return 'refund';
  // Reversals, holds and their release, chargebacks and theirs.
  if (code.startsWith('T11') || code.startsWith('T12')) return 'dispute';
  if (code.startsWith('T00')) return 'payment';
  if (code.startsWith('T01')) return 'fee';
  if (code.startsWith('T04')) return 'payout';
  return 'other';
}
