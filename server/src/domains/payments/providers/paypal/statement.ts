/** A day of PayPal's books, in UTC, as lines of a statement. */
import type { MinorMoney } from '../../../../platform/money.ts';
import type { StatementDay, StatementLine, StatementOutcome } from '../../provider.ts';
import type { Paypal } from './client.ts';
import { listDisputesOf } from './disputes.ts';
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
    const named = line?.kind === 'dispute' ? await nameDispute(paypal, line) : line;
    if (!named) return { status: 'unknown' };
    lines.push(named);
  }
  return { status: 'ready', from, to, lines };
}

/** PayPal books a dispute under the payment that it is about, and tells of it under a name of its own. */
async function nameDispute(
  paypal: Paypal,
  line: StatementLine,
): Promise<StatementLine | undefined> {
  const payment = line.payment?.providerTransaction;
  if (!payment) return line;
  const disputes = await listDisputesOf(paypal, payment);
  if (!disputes) return undefined;
  const [reference, ...others] = disputes;
  // A reversal need not have a dispute, and one of several could be any of them.
  const isKnown = reference !== undefined && others.length === 0;
  return isKnown ? { ...line, providerTransaction: reference } : line;
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

/** Payments that PayPal takes back, chargebacks, and what undoes them. Money that is only held is not gone. */
const disputeCodes: ReadonlySet<string> = new Set([
  ...['T1106', 'T1201', 'T1202', 'T1205', 'T1207', 'T1208'],
]);
/** Fees that come back. */
const feeCodes: ReadonlySet<string> = new Set(['T1108', 'T1109']);

/**
 * What a booking is, by PayPal's event code.
 * https://developer.paypal.com/docs/transaction-search/transaction-event-codes/
 */
function kindOf(code: string): StatementLine['kind'] {
  if (code === 'T1107') return 'refund';
  if (disputeCodes.has(code)) return 'dispute';
  if (code.startsWith('T00')) return 'payment';
  if (code.startsWith('T01') || feeCodes.has(code)) return 'fee';
  if (code.startsWith('T04')) return 'payout';
  return 'other';
}
