/** Transaction search v1: what was booked, up to three hours late. */
import { type ApiCall, type ApiReply, type Endpoint, problem } from './api.ts';
import type { Book } from './book.ts';
import type { Desk } from './desk.ts';
import { signedUnits } from './disputes.ts';
import { type Amount, amountOf, unitsOf } from './money.ts';
import { RESULTS_MAX } from './steering.ts';

const HOUR_MS = 3_600_000;
const LAG_MS = 3 * HOUR_MS;
const SPAN_MS_MAX = 31 * 24 * HOUR_MS;
const PAGE_SIZE_MAX = 500;

interface Booking {
  id: string;
  code: string;
  /** The transaction that it takes back. */
  of: string | undefined;
  at: string;
  amount: Amount;
  fee: Amount | undefined;
  status: 'S' | 'P';
  invoice: string | null;
  custom: string | null;
}

export function reportingEndpoints(desk: Desk): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/v1/reporting/transactions',
      handle: (call) => listTransactions(desk, call),
    },
  ];
}

function listTransactions({ book, clock, urls }: Desk, { query }: ApiCall): ApiReply {
  const from = readTime(query.get('start_date'));
  const to = readTime(query.get('end_date'));
  const size = readCount(query.get('page_size'), 100);
  const page = readCount(query.get('page'), 1);
  const isGood = from !== undefined && to !== undefined && to >= from && to - from <= SPAN_MS_MAX;
  if (!isGood || size === undefined || page === undefined || size > PAGE_SIZE_MAX) {
    return problem(400, 'INVALID_REQUEST', 'INVALID_PARAMETER_VALUE');
  }
  const refreshedAt = clock.now().getTime() - LAG_MS;
  if (from > refreshedAt) return problem(400, 'INVALID_REQUEST', 'DATA_NOT_AVAILABLE');
  const found = bookingsOf(book).filter(({ at }) => {
    const time = Date.parse(at);
    // The last second counts whole.
    return time >= from && time < to + 1_000 && time <= refreshedAt;
  });
  const { results_max: resultsMax = RESULTS_MAX } = book.steeringOf('');
  if (found.length > resultsMax) return problem(400, 'RESULTSET_TOO_LARGE');
  const shown = found.slice((page - 1) * size, page * size);
  const body = {
    transaction_details: shown.map((booking) => ({ transaction_info: present(booking) })),
    account_number: 'C7CYMKZDG8D6E',
    start_date: new Date(from).toISOString(),
    end_date: new Date(to).toISOString(),
    last_refreshed_datetime: new Date(refreshedAt).toISOString(),
    page,
    total_items: found.length,
    total_pages: Math.max(1, Math.ceil(found.length / size)),
    links: [{ href: `${urls.api}/v1/reporting/transactions`, rel: 'self', method: 'GET' }],
  };
  return { status: 200, body };
}

/** Whole seconds with a zone, as the vendor wants them. */
function readTime(text: string | null): number | undefined {
  const isForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)$/.test(text ?? '');
  const ms = Date.parse(text ?? '');
  return isForm && !Number.isNaN(ms) ? ms : undefined;
}

function readCount(text: string | null, fallback: number): number | undefined {
  if (text === null) return fallback;
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}

function bookingsOf(book: Book): Booking[] {
  const payments = book.orders().flatMap((order): Booking[] => {
    const { capture, number: custom, invoice_id: invoice } = order;
    if (!capture || capture.status === 'DECLINED') return [];
    const { id, at, amount } = capture;
    const fee = amountOf(-unitsOf(capture.fee), amount.currency_code);
    const status = capture.status === 'COMPLETED' ? 'S' : 'P';
    const payment: Booking = {
      ...{ id, code: 'T0006', of: undefined, at, amount, fee, invoice, custom },
      status,
    };
    return [payment, ...refundsOf(order, id)];
  });
  return [...payments, ...disputedOf(book)].sort((a, b) => a.at.localeCompare(b.at));
}

function refundsOf(
  { refunds }: { refunds: ReturnType<Book['orders']>[number]['refunds'] },
  of: string,
) {
  return refunds
    .filter(({ status }) => status !== 'FAILED')
    .map((refund): Booking => {
      const { id, at, amount, status, invoice_id: invoice, custom_id: custom } = refund;
      return {
        ...{ id, code: 'T1107', of, at, invoice, custom, fee: undefined },
        amount: amountOf(-unitsOf(amount), amount.currency_code),
        status: status === 'COMPLETED' ? 'S' : 'P',
      };
    });
}

function disputedOf(book: Book): Booking[] {
  return book.disputes.all().flatMap(({ order: orderId, amount, movements }) => {
    const order = book.order(orderId);
    return movements.map(
      ({ id, type, at }): Booking => ({
        ...{ id, of: order?.capture?.id, at, fee: undefined, status: 'S' },
        code: type === 'DEBIT' ? 'T1201' : 'T1202',
        amount: amountOf(signedUnits(amount, type), amount.currency_code),
        ...{ invoice: order?.invoice_id ?? null, custom: order?.number ?? null },
      }),
    );
  });
}

function present({ id, code, of, at, amount, fee, status, invoice, custom }: Booking) {
  return {
    transaction_id: id,
    ...(of === undefined ? {} : { paypal_reference_id: of, paypal_reference_id_type: 'TXN' }),
    transaction_event_code: code,
    transaction_initiation_date: at,
    transaction_updated_date: at,
    transaction_amount: amount,
    ...(fee === undefined ? {} : { fee_amount: fee }),
    transaction_status: status,
    ...(invoice === null ? {} : { invoice_id: invoice }),
    ...(custom === null ? {} : { custom_field: custom }),
    protection_eligibility: '01',
  };
}
