/** Orders v2: create, show, capture. */
import {
  type ApiCall,
  type ApiReply,
  type Endpoint,
  notThere,
  problem,
  refused,
  textAt,
  valueAt,
} from './api.ts';
import type { OrderRecord } from './book.ts';
import { customerOf, drawId } from './credentials.ts';
import type { Desk } from './desk.ts';
import { type Amount, amountIssue } from './money.ts';
import { orderLinks, presentOrder } from './present.ts';

const REPEATS_FOR_HOURS = 6;
const TEXT_LENGTH_MAX = 127;

export function orderEndpoints(desk: Desk): Endpoint[] {
  const { book } = desk;
  const aboutOrder = ({ params }: ApiCall) => book.order(params.id ?? '')?.number;
  return [
    {
      method: 'POST',
      path: '/v2/checkout/orders',
      about: ({ body }) => readUnit(body).number,
      repeatsForHours: REPEATS_FOR_HOURS,
      handle: (call) => createOrder(desk, call),
    },
    {
      method: 'GET',
      path: '/v2/checkout/orders/{id}',
      about: aboutOrder,
      handle({ params }) {
        const order = book.order(params.id ?? '');
        return order ? { status: 200, body: presentOrder(order, desk.urls) } : notThere;
      },
    },
    {
      method: 'POST',
      path: '/v2/checkout/orders/{id}/capture',
      about: aboutOrder,
      repeatsForHours: REPEATS_FOR_HOURS,
      handle(call) {
        const order = book.order(call.params.id ?? '');
        if (!order) return notThere;
        const captured = desk.capture(order);
        return 'issue' in captured ? refused(captured.issue) : showOrder(desk, order, call);
      },
    },
  ];
}

function createOrder(desk: Desk, call: ApiCall): ApiReply {
  const { body, requestId } = call;
  const read = readOrder(desk, body);
  if ('reply' in read) return read.reply;
  const { order } = read;
  const token = textAt(body, 'payment_source', 'paypal', 'vault_id');
  if (token === undefined) {
    desk.book.save(order);
    return showOrder(desk, order, call);
  }
  if (requestId === undefined) return problem(400, 'INVALID_REQUEST', 'PAYPAL_REQUEST_ID_REQUIRED');
  if (!desk.book.tokens.get(token)) return refused('TOKEN_ID_NOT_FOUND');
  const charged = desk.charge(order);
  return 'issue' in charged ? refused(charged.issue) : showOrder(desk, order, call);
}

function showOrder(desk: Desk, order: OrderRecord, { isFull }: ApiCall): ApiReply {
  // The vendor answers 200 where the payer's wallet was named, and 201 where something was made.
  const status = order.status === 'PAYER_ACTION_REQUIRED' ? 200 : 201;
  const { id, status: state } = order;
  const body = isFull
    ? presentOrder(order, desk.urls)
    : { id, status: state, links: orderLinks(order, desk.urls) };
  return { status, body };
}

function readUnit(body: Record<string, unknown>) {
  const units = valueAt(body, 'purchase_units');
  const unit: unknown = Array.isArray(units) ? units[0] : undefined;
  return {
    count: Array.isArray(units) ? units.length : 0,
    number: textAt(unit, 'custom_id'),
    invoice: textAt(unit, 'invoice_id'),
    description: textAt(unit, 'description') ?? '',
    currency: textAt(unit, 'amount', 'currency_code'),
    value: textAt(unit, 'amount', 'value'),
  };
}

type ReadOrder = { order: OrderRecord } | { reply: ApiReply };

function readOrder(desk: Desk, body: Record<string, unknown>): ReadOrder {
  const { count, number, invoice, description, currency, value } = readUnit(body);
  if (textAt(body, 'intent') !== 'CAPTURE') return { reply: refused('UNSUPPORTED_INTENT') };
  if (count !== 1) return { reply: refused('INVALID_ARRAY_MAX_ITEMS') };
  if (currency === undefined || value === undefined) {
    return { reply: problem(400, 'INVALID_REQUEST', 'MISSING_REQUIRED_PARAMETER') };
  }
  const texts = [number ?? '', invoice ?? '', description];
  if (texts.some((text) => [...text].length > TEXT_LENGTH_MAX)) {
    return { reply: problem(400, 'INVALID_REQUEST', 'INVALID_STRING_MAX_LENGTH') };
  }
  const amount: Amount = { currency_code: currency, value };
  const issue = amountIssue(amount);
  if (issue !== undefined) return { reply: refused(issue) };
  const names = { number: number ?? '', invoice_id: invoice ?? null, description };
  return { order: openOrder(desk, { ...names, amount }, body) };
}

function openOrder(
  desk: Desk,
  named: Pick<OrderRecord, 'number' | 'invoice_id' | 'description' | 'amount'>,
  body: Record<string, unknown>,
): OrderRecord {
  const wallet = valueAt(body, 'payment_source', 'paypal');
  const experience = valueAt(wallet, 'experience_context');
  const at = desk.clock.now().toISOString();
  return {
    id: drawId(),
    ...named,
    status: wallet === undefined ? 'CREATED' : 'PAYER_ACTION_REQUIRED',
    by: textAt(wallet, 'vault_id') === undefined ? 'page' : 'token',
    return_url: textAt(experience, 'return_url') ?? '',
    cancel_url: textAt(experience, 'cancel_url') ?? '',
    keeps_for: keepsFor(wallet),
    kept: null,
    declines: null,
    created_at: at,
    updated_at: at,
    capture: null,
    refunds: [],
  };
}

function keepsFor(wallet: unknown): string | null {
  if (textAt(wallet, 'attributes', 'vault', 'store_in_vault') !== 'ON_SUCCESS') return null;
  const customer = valueAt(wallet, 'attributes', 'customer');
  return textAt(customer, 'id') ?? customerOf(textAt(customer, 'merchant_customer_id'));
}
