/** Checkout: Stripe's own page, on which a payer pays, or leaves a method for later. */
import type Stripe from 'stripe';
import type { CloseOutcome, FindOutcome, Order, StartOutcome } from '../../provider.ts';
import { type Account, idOf, moneyOf, numberIn, numberKey } from './account.ts';
import { declineOfIntent } from './declines.ts';
import { declineOfRefusal, readFailure } from './failures.ts';
import { findOpenSession } from './lookup.ts';
import { toStripe } from './money.ts';
import { describeMethod } from './saved-method.ts';

type Create = Stripe.Checkout.SessionCreateParams;
type Setup = Omit<Order, 'charged' | 'savesMethod'> & { currency: string };
export type SessionOrder = ({ purpose: 'payment' } & Order) | ({ purpose: 'setup' } & Setup);

/** Stripe closes a session after half an hour at the earliest, and after a day at the latest. */
const termSecondsMin = 31 * 60;
const termSecondsMax = 24 * 3_600 - 60;
const titleLengthMax = 200;

/**
 * Opens a page, once per number: a repeat within a day is answered by Stripe with the same page, and one that differs
 * (in its term, as time goes by) is refused by it, so that the page is looked up.
 */
export async function openSession(
  account: Account,
  order: SessionOrder,
  idempotencyKey: string = order.number,
): Promise<StartOutcome> {
  const now = account.wall();
  const params = order.purpose === 'payment' ? paymentParams(order, now) : setupParams(order, now);
  if (!params) return { status: 'declined', code: 'currency_unsupported' };
  try {
    const { sdk } = await account.client();
    return nextOf(await sdk.checkout.sessions.create(params, { idempotencyKey }));
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind === 'repeated') return reopen(account, order.number);
    if (failure.kind === 'refused') {
      const isForgotten = failure.param === 'customer' && order.payer.customer !== null;
      if (isForgotten) return openWithoutCustomer(account, order);
      return { status: 'declined', code: declineOfRefusal(failure) };
    }
    return failure.kind === 'declined'
      ? { status: 'declined', code: failure.code }
      : { status: 'unknown' };
  }
}

/** A customer who was deleted at Stripe is made anew by the page. The first key is spent on the refusal. */
function openWithoutCustomer(account: Account, order: SessionOrder): Promise<StartOutcome> {
  const payer = { ...order.payer, customer: null };
  return openSession(account, { ...order, payer } as SessionOrder, `${order.number}-anew`);
}

async function reopen(account: Account, number: string): Promise<StartOutcome> {
  try {
    const { session } = await findOpenSession(account, number);
    return session ? nextOf(session) : { status: 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}

function nextOf({ id, url }: Stripe.Checkout.Session): StartOutcome {
  if (url === null || !/^https?:/.test(url)) return { status: 'unknown' };
  return { status: 'pending', next: { type: 'redirect', url }, reference: id };
}

function paymentParams(order: Order, now: Date): Create | undefined {
  const amount = toStripe(order.charged);
  const isDebit = order.means === 'us_bank_account';
  if (amount === undefined || (isDebit && order.charged.currency !== 'USD')) return undefined;
  const { number, payer } = order;
  const name = nameOf(order.title);
  return {
    ...commonParams(order, now),
    mode: 'payment',
    client_reference_id: number,
    adaptive_pricing: { enabled: false },
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.charged.currency.toLowerCase(),
          unit_amount: amount,
          product_data: { name },
        },
      },
    ],
    payment_intent_data: {
      description: name,
      metadata: { [numberKey]: number },
      ...(order.savesMethod ? { setup_future_usage: 'off_session' as const } : {}),
    },
    ...(order.savesMethod ? customerParams(payer) : emailParams(payer)),
  };
}

function setupParams(order: Setup, now: Date): Create {
  return {
    ...commonParams(order, now),
    mode: 'setup',
    client_reference_id: order.number,
    currency: order.currency.toLowerCase(),
    setup_intent_data: { metadata: { [numberKey]: order.number } },
    ...customerParams(order.payer),
  };
}

function commonParams(order: Order | Setup, now: Date): Create {
  const isDebit = order.means === 'us_bank_account';
  return {
    allowed_payment_method_types: [isDebit ? 'us_bank_account' : 'card'],
    // Otherwise small deposits are sent, which the payer has to look for days later.
    ...(isDebit
      ? { payment_method_options: { us_bank_account: { verification_method: 'instant' } } }
      : {}),
    metadata: { [numberKey]: order.number },
    locale: order.payer.locale === 'zh-CN' ? 'zh' : 'en',
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
    ...(order.expiresAt ? { expires_at: termOf(order.expiresAt, now) } : {}),
  };
}

/** What is paid after our term, but within Stripe's, comes late and is parked. */
function termOf(expiresAt: Date, at: Date): number {
  const now = Math.floor(at.getTime() / 1_000);
  const wanted = Math.floor(expiresAt.getTime() / 1_000);
  return Math.min(Math.max(wanted, now + termSecondsMin), now + termSecondsMax);
}

function customerParams(payer: Order['payer']): Create {
  if (payer.customer !== null) return { customer: payer.customer };
  return { customer_creation: 'always', ...emailParams(payer) };
}

function emailParams({ email }: Order['payer']): Create {
  return email === null ? {} : { customer_email: email };
}

function nameOf(title: string): string {
  const clean = title.replace(/\s+/g, ' ').trim();
  return [...clean].slice(0, titleLengthMax).join('') || 'Payment';
}

/** @throws StripeError where there was no answer. */
export async function retrieveSession(
  account: Account,
  id: string,
): Promise<Stripe.Checkout.Session> {
  const { sdk } = await account.client();
  return sdk.checkout.sessions.retrieve(id, { expand: ['payment_intent.payment_method'] });
}

/** What became of a session. A completed one is paid only if its intent says so: bank debits take days. */
export function readSession(
  account: Account,
  session: Stripe.Checkout.Session,
  number: string,
): FindOutcome {
  const isOurs =
    session.livemode === account.settings.isLive &&
    session.mode === 'payment' &&
    session.client_reference_id === number;
  if (!isOurs) return { status: 'unknown' };
  const intent = session.payment_intent;
  // A declined card leaves the page open for another.
  if (typeof intent !== 'object' || intent === null) {
    return session.status === 'expired'
      ? { status: 'declined', code: 'canceled_by_payer' }
      : { status: 'pending' };
  }
  const outcome = readIntent(account, intent, number);
  // Whoever has completed the page has done their part, even if their bank has not.
  if (session.status === 'complete') {
    return outcome.status === 'pending' ? { status: 'processing' } : outcome;
  }
  if (outcome.status === 'succeeded') return outcome;
  if (outcome.status === 'processing' || outcome.status === 'unknown') return outcome;
  const code = declineOfIntent(intent);
  if (session.status !== 'expired') {
    return code ? { status: 'pending', declined: code } : { status: 'pending' };
  }
  return { status: 'declined', code: code ?? 'canceled_by_payer' };
}

/** What became of an intent on which nobody works any more. */
export function readIntent(
  account: Account,
  intent: Stripe.PaymentIntent,
  number: string,
): FindOutcome {
  const isOurs =
    intent.livemode === account.settings.isLive && numberIn(intent.metadata) === number;
  if (!isOurs) return { status: 'unknown' };
  if (intent.status === 'processing') return { status: 'processing' };
  if (intent.status === 'canceled') {
    return { status: 'declined', code: declineOfIntent(intent) ?? 'canceled_by_payer' };
  }
  if (intent.status !== 'succeeded') {
    const code = declineOfIntent(intent);
    return code ? { status: 'declined', code } : { status: 'pending' };
  }
  const money = moneyOf(account, intent, number);
  if (!money) return { status: 'unknown' };
  const isKept = intent.setup_future_usage === 'off_session';
  const method = isKept ? describeMethod(intent.payment_method, idOf(intent.customer)) : undefined;
  return { status: 'succeeded', money, ...(method ? { method } : {}) };
}

/** Nobody pays on a session that is expired; one that is complete was too early for us. */
export async function closeSession(account: Account, id: string): Promise<CloseOutcome> {
  const { sdk } = await account.client();
  try {
    const { status } = await sdk.checkout.sessions.expire(id);
    return status === 'expired' ? { status: 'closed' } : { status: 'unknown' };
  } catch (error) {
    if (readFailure(error).kind !== 'refused') return { status: 'unknown' };
  }
  try {
    const { status } = await sdk.checkout.sessions.retrieve(id);
    if (status === 'expired') return { status: 'closed' };
    return { status: status === 'complete' ? 'paid' : 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}
