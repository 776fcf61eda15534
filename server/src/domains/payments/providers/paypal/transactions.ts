/**
 * Lists what PayPal has booked between two instants. It shows a transaction up to three hours late, 31 days a call.
 * https://developer.paypal.com/docs/api/transaction-search/v1/
 */
import { z } from 'zod';
import type { Paypal } from './client.ts';
import { issuesOf } from './issues.ts';
import { Amount } from './order.ts';

const Booking = z.object({
  transaction_id: z.string().regex(/^\w{1,64}$/),
  transaction_event_code: z.string(),
  transaction_initiation_date: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  transaction_amount: Amount,
  fee_amount: Amount.optional(),
  transaction_status: z.string().optional(),
  invoice_id: z.string().optional(),
  custom_field: z.string().optional(),
  paypal_reference_id: z.string().optional(),
});
const Page = z.object({
  transaction_details: z.array(z.object({ transaction_info: Booking })).optional(),
  last_refreshed_datetime: z.string().optional(),
  total_pages: z.number().int().nonnegative().optional(),
});

export type Booking = z.output<typeof Booking>;

export type Bookings =
  | { status: 'listed'; bookings: Booking[]; refreshedAt: Date | null }
  /** PayPal has nothing to say about that time yet. */
  | { status: 'not_ready' | 'unknown' };

const pageSize = 500;
const pageBytesMax = 4 * 1024 * 1024;
/** PayPal's clock has no finer ticks here. */
const secondMs = 1_000;

interface Period {
  from: Date;
  /** The first instant that is not asked about. */
  to: Date;
}

/**
 * @param options.callsMax after so many it is given up: half a list would look like missing money.
 */
export async function listBookings(
  paypal: Pick<Paypal, 'client'>,
  period: Period,
  { callsMax }: { callsMax: number },
): Promise<Bookings> {
  const budget = { calls: callsMax };
  const waiting = [period];
  const whole = { bookings: [] as Booking[], refreshedAt: null as Date | null };
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const listed = await listPages(paypal, next, budget);
    if (listed.status === 'too_many') {
      const halves = halvesOf(next);
      if (!halves) return { status: 'unknown' };
      waiting.unshift(...halves);
      continue;
    }
    if (listed.status !== 'listed') return listed;
    whole.bookings.push(...listed.bookings);
    // The first answer is the oldest: what it may have missed, none of the others makes good.
    whole.refreshedAt ??= listed.refreshedAt;
  }
  return { status: 'listed', ...whole };
}

async function listPages(
  { client }: Pick<Paypal, 'client'>,
  period: Period,
  budget: { calls: number },
): Promise<Bookings | { status: 'too_many' }> {
  const bookings: Booking[] = [];
  let refreshedAt: Date | null = null;
  for (let page = 1; budget.calls > 0; page += 1) {
    budget.calls -= 1;
    const path = `/v1/reporting/transactions?${queryOf(period, page)}`;
    const answer = await client.call({ method: 'GET', path, answerBytesMax: pageBytesMax });
    if (answer?.status === 400) {
      const issues = issuesOf(answer);
      if (issues.includes('RESULTSET_TOO_LARGE')) return { status: 'too_many' };
      if (issues.includes('INVALID_REQUEST')) return { status: 'not_ready' };
    }
    const { data } = Page.safeParse(answer?.json);
    if (answer?.status !== 200 || !data) return { status: 'unknown' };
    bookings.push(...(data.transaction_details ?? []).map((detail) => detail.transaction_info));
    refreshedAt ??= instantOf(data.last_refreshed_datetime);
    if (page >= (data.total_pages ?? 1)) return { status: 'listed', bookings, refreshedAt };
  }
  return { status: 'unknown' };
}

/** PayPal lists no more than ten thousand at once. */
function halvesOf({ from, to }: Period): [Period, Period] | undefined {
  const seconds = Math.floor((to.getTime() - from.getTime()) / secondMs / 2);
  const middle = new Date(from.getTime() + seconds * secondMs);
  return seconds < 1
    ? undefined
    : [
        { from, to: middle },
        { from: middle, to },
      ];
}

function queryOf({ from, to }: Period, page: number): string {
  const lastSecond = new Date(to.getTime() - secondMs);
  return new URLSearchParams({
    start_date: toSeconds(from),
    end_date: toSeconds(lastSecond),
    fields: 'transaction_info',
    page_size: String(pageSize),
    page: String(page),
  }).toString();
}

/** PayPal takes no fractions of a second. */
function toSeconds(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

function instantOf(text: string | undefined): Date | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms);
}
