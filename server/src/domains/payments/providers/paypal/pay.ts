/**
 * Starting an order, and finding out what became of it, which is where it is captured.
 *
 * | it stops …                                   | then                                                                     |
 * | -------------------------------------------- | ------------------------------------------------------------------------ |
 * | before or while the order is created         | started again under the same request id, PayPal answers the same order   |
 * | before the order's id is kept                | the same: nobody was sent to its page yet                                 |
 * | after the payer approved, before the capture | it is found approved, and captured                                        |
 * | while it is captured                         | it is found captured; PayPal captures an order once, whoever asks         |
 *
 * Two processes that capture at once: one is told that it is captured already, and reads the truth.
 */
import type { MinorMoney } from '../../../../platform/money.ts';
import type { Asked, FindOutcome, Order, StartOutcome } from '../../provider.ts';
import type { ApiAnswer, Paypal } from './client.ts';

import { declineIn, issuesOf } from './issues.ts';
import { readAmount, writeAmount } from './money.ts';
import { oneLine } from './one-line.ts';
import { type OrderState, PaypalOrder, stateOf } from './order.ts';
import { findByNumber } from './search.ts';

const titleLengthMax = 127;

export async function startOrder(paypal: Paypal, order: Order): Promise<StartOutcome> {
  const unit = purchaseUnit(order);
  if (!unit) return { status: 'declined', code: 'currency_unsupported' };
  const answer = await paypal.client.call({
    method: 'POST',
    path: '/v2/checkout/orders',
    requestId: order.number,
    body: {
      intent: 'CAPTURE',
      purchase_units: [unit],
      payment_source: { paypal: walletOf(order) },
    },
  });
  if (!answer) return { status: 'unknown' };
  if (answer.status === 400 || answer.status === 422) {
    return { status: 'declined', code: declineIn(issuesOf(answer)) ?? 'provider_error' };
  }
  const { data } = PaypalOrder.safeParse(answer.json);
  const url = data && pageOf(data, paypal.settings.apiUrl);
  if (!isDone(answer) || !data || url === undefined) return { status: 'unknown' };
  return { status: 'pending', next: { type: 'redirect', url }, reference: data.id };
}

/** What every order of ours is for: its number comes back with whatever becomes of it. */
export function purchaseUnit({ number, title, charged }: Order) {
  const amount = writeAmount(charged);
  if (!amount) return undefined;
  const description = oneLine(title, titleLengthMax) || 'Payment';
  return { reference_id: 'default', custom_id: number, invoice_id: number, description, amount };
}

function walletOf({ returnUrl, payer, savesMethod }: Order) {
  const customer =
    payer.customer === null
      ? { merchant_customer_id: payer.organizationId }
      : { id: payer.customer };
  return {
    experience_context: {
      return_url: returnUrl,
      cancel_url: returnUrl,
      user_action: 'PAY_NOW',
      shipping_preference: 'NO_SHIPPING',
      locale: payer.locale === 'zh-CN' ? 'zh-CN' : 'en-US',
    },
    ...(savesMethod
      ? {
          attributes: {
            customer,
            vault: { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' },
          },
        }
      : {}),
  };
}

/** Where the payer goes: to PayPal's own page, never to an address that a browser would run. */
export function pageOf(
  { links }: { links?: { rel: string; href: string }[] | undefined },
  apiUrl: string,
): string | undefined {
  const link = links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve');
  if (!link || !URL.canParse(link.href)) return undefined;
  const url = new URL(link.href);
  return url.protocol === 'https:' || url.origin === new URL(apiUrl).origin ? url.href : undefined;
}

export async function findOrder(paypal: Paypal, asked: Asked): Promise<FindOutcome> {
  const { reference } = asked;
  if (reference === null) return findByNumber(paypal, asked.number);
  const read = await readOrder(paypal, { ...asked, reference });
  if (read.state.status !== 'approved') return read.state;
  const amount = read.order?.purchase_units?.[0]?.amount;
  if (!asked.mayCapture) return { status: 'pending' };
  // Nothing but what was agreed on is taken from anybody.
  if (!amount || !isSame(readAmount(amount), asked.charged)) return { status: 'unknown' };
  return capture(paypal, { ...asked, reference });
}

type Referred = Asked & { reference: string };
interface ReadOrder {
  state: OrderState;
  order?: PaypalOrder;
}

async function readOrder(paypal: Paypal, asked: Referred): Promise<ReadOrder> {
  const path = `/v2/checkout/orders/${encodeURIComponent(asked.reference)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  if (answer && isAbsent(answer)) return { state: { status: 'absent' } };
  return understand(paypal, asked, answer);
}

function understand(paypal: Paypal, asked: Referred, answer: ApiAnswer | undefined): ReadOrder {
  const order = answer && isDone(answer) ? PaypalOrder.safeParse(answer.json).data : undefined;
  if (!order || order.id !== asked.reference) return { state: { status: 'unknown' } };
  const { number } = asked;
  return { state: stateOf(order, { number, merchant: paypal.settings.clientId }), order };
}

/**
 * Without a request id: PayPal captures an order once in any case, and under one it would repeat a decline to a payer
 * who has approved again with another card.
 */
async function capture(paypal: Paypal, asked: Referred): Promise<FindOutcome> {
  const path = `/v2/checkout/orders/${encodeURIComponent(asked.reference)}/capture`;
  const answer = await paypal.client.call({ method: 'POST', path });
  if (answer?.status === 422) return afterRefusal(paypal, asked, issuesOf(answer));
  return settled(understand(paypal, asked, answer).state);
}

/** The payer may try again with another card, on the page where they were. */
const retried: ReadonlySet<string> = new Set([
  'INSTRUMENT_DECLINED',
  'PAYER_ACTION_REQUIRED',
  'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING',
  'ORDER_NOT_APPROVED',
]);

async function afterRefusal(
  paypal: Paypal,
  asked: Referred,
  issues: string[],
): Promise<FindOutcome> {
  if (issues.includes('ORDER_ALREADY_CAPTURED')) {
    return settled((await readOrder(paypal, asked)).state);
  }
  // Another order of the same number was paid; PayPal may have made two where a start was repeated after hours.
  if (issues.includes('DUPLICATE_INVOICE_ID')) return findByNumber(paypal, asked.number);
  const code = declineIn(issues);
  if (issues.some((issue) => retried.has(issue))) {
    return code ? { status: 'pending', declined: code } : { status: 'pending' };
  }
  return code === undefined ? { status: 'unknown' } : { status: 'declined', code };
}

/** An order that is still only approved after its capture says nothing about money. */
function settled(state: OrderState): FindOutcome {
  return state.status === 'approved' ? { status: 'unknown' } : state;
}

export function isDone({ status }: ApiAnswer): boolean {
  return status === 200 || status === 201;
}

/** PayPal's own word for it, and not any server's 404. */
export function isAbsent(answer: ApiAnswer): boolean {
  if (answer.status !== 404) return false;
  const issues = issuesOf(answer);
  return issues.includes('INVALID_RESOURCE_ID') || issues.includes('RESOURCE_NOT_FOUND');
}

function isSame(a: MinorMoney | undefined, b: MinorMoney): boolean {
  return a?.minor === b.minor && a.currency === b.currency;
}
