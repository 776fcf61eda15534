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
const pagesMax = 20;
const pageBytesMax = 4 * 1024 * 1024;

/** Half-open: `to` is the first instant that is not asked about. */
export async function listBookings(
  { client }: Pick<Paypal, 'client'>,
  period: { from: Date; to: Date },
): Promise<Bookings> {
  const bookings: Booking[] = [];
  let refreshedAt: Date | null = null;
  for (let page = 1; page <= pagesMax; page += 1) {
    const path = `/v1/reporting/transactions?${queryOf(period, page)}`;
    const answer = await client.call({ method: 'GET', path, answerBytesMax: pageBytesMax });
    if (answer?.status === 400 && issuesOf(answer).includes('INVALID_REQUEST')) {
      return { status: 'not_ready' };
    }
    const { data } = Page.safeParse(answer?.json);
    if (answer?.status !== 200 || !data) return { status: 'unknown' };
    bookings.push(...(data.transaction_details ?? []).map((detail) => detail.transaction_info));
    refreshedAt ??= instantOf(data.last_refreshed_datetime);
    if (page >= (data.total_pages ?? 1)) return { status: 'listed', bookings, refreshedAt };
  }
  // Half a list would look like missing money.
  return { status: 'unknown' };
}

function queryOf({ from, to }: { from: Date; to: Date }, page: number): string {
  const lastSecond = new Date(to.getTime() - 1_000);
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
