/** Where money is taken: a payer acts on a page, or a kept method is charged; debits arrive or come back days later. */
import type Stripe from 'stripe';
import type { Clock } from '../steering/clock.ts';
import { type Books, nameOf, type Order, orderOfIntent, steeringOf } from './books.ts';
import type { Dues } from './dues.ts';
import { secondsOf } from './ids.ts';
import { type Fate, type Instrument, instrumentOf } from './instruments.ts';
import type { News } from './news.ts';
import { draftTransaction, feeOf } from './objects/balance.ts';
import { draftCharge } from './objects/charge.ts';

export interface Desk {
  books: Books;
  clock: Clock;
  news: News;
  dues: Dues;
  publicUrl: string;
}

type Happening = readonly [type: Stripe.Event['type'], object: object];

const debitDaysMs = 4 * 86_400_000;

/** Tries an intent with a method. What happened is told together, so that a merchant hears it in its order. */
export function tryIntent(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  { method, fate }: { method: Stripe.PaymentMethod; fate: Fate },
): Happening[] {
  intent.payment_method = method.id;
  if (fate.kind === 'declined') return declineIntent(desk, intent, method, fate);
  if (fate.kind === 'confirmed') {
    intent.status = 'requires_action';
    intent.next_action = { type: 'use_stripe_sdk' };
    desk.books.intents.put(intent);
    return [['payment_intent.requires_action', intent]];
  }
  if (fate.kind === 'processing') return beginDebit(desk, intent, method, fate.returns ?? null);
  return takeMoney(desk, intent, method);
}

export function describeFailure(code: string, declineCode: string | undefined): string {
  if (code === 'expired_card') return 'Your card has expired.';
  if (code === 'incorrect_cvc') return "Your card's security code is incorrect.";
  if (declineCode === 'insufficient_funds') return 'Your card has insufficient funds.';
  if (declineCode === 'authentication_required') {
    return 'Your card was declined. This transaction requires authentication.';
  }
  return 'Your card was declined.';
}

function declineIntent(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { code: given, declineCode }: Extract<Fate, { kind: 'declined' }>,
): Happening[] {
  const { books, clock } = desk;
  const needsPayer = declineCode === 'authentication_required';
  const code = needsPayer ? 'authentication_required' : given;
  const message = describeFailure(code, declineCode);
  const created = secondsOf(clock.now());
  const charge = draftCharge({
    ...{ intent, amount: intent.amount, created, method: method.id },
    ...{ status: 'failed', failure: { code, message } },
  });
  intent.status = 'requires_payment_method';
  intent.latest_charge = charge.id;
  intent.payment_method = null;
  intent.last_payment_error = {
    type: 'card_error',
    code,
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    ...{ message, charge: charge.id, payment_method: structuredClone(method) },
  };
  books.charges.put(charge);
  books.intents.put(intent);
  return [
    ['charge.failed', charge],
    ['payment_intent.payment_failed', intent],
  ];
}

function takeMoney(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Happening[] {
  const { books, clock } = desk;
  const created = secondsOf(clock.now());
  bendAmount(desk, intent);
  const charge = draftCharge({
    ...{ intent, amount: intent.amount, created, method: method.id },
    ...{ status: 'succeeded', failure: null },
  });
  charge.balance_transaction = book(desk, charge, {
    ...{ type: 'charge', category: 'charge', amount: charge.amount },
    fee: feeOf(charge.amount, 'card'),
  });
  succeed(books, intent, charge);
  return [
    ['charge.succeeded', charge],
    ['payment_intent.succeeded', intent],
  ];
}

/** The money is listed as coming at once, and is there days later, or was never there. */
function beginDebit(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  returns: string | null,
): Happening[] {
  const { books, clock, dues } = desk;
  bendAmount(desk, intent);
  const charge = draftCharge({
    ...{ intent, amount: intent.amount, created: secondsOf(clock.now()), method: method.id },
    ...{ status: 'pending', failure: null },
  });
  charge.balance_transaction = book(desk, charge, {
    ...{ type: 'payment', category: 'charge', amount: charge.amount },
    fee: feeOf(charge.amount, 'bank'),
  });
  intent.status = 'processing';
  intent.latest_charge = charge.id;
  books.charges.put(charge);
  books.intents.put(intent);
  const what = returns === null ? 'settle' : 'return';
  dues.add({ what, about: intent.id, code: returns }, debitDaysMs);
  return [
    ['charge.pending', charge],
    ['payment_intent.processing', intent],
  ];
}

/** A debit arrives. */
export function settleDebit(desk: Desk, intent: Stripe.PaymentIntent): Happening[] {
  const charge = desk.books.charges.get(nameOf(intent.latest_charge));
  if (intent.status !== 'processing' || !charge) return [];
  desk.dues.drop(intent.id);
  charge.status = 'succeeded';
  charge.paid = true;
  succeed(desk.books, intent, charge);
  return [
    ['charge.succeeded', charge],
    ['payment_intent.succeeded', intent],
    ...sessionNews(desk, intent, 'checkout.session.async_payment_succeeded'),
  ];
}

/** A debit comes back before it arrived. */
export function returnDebit(desk: Desk, intent: Stripe.PaymentIntent, code: string): Happening[] {
  const { books, dues } = desk;
  const charge = books.charges.get(nameOf(intent.latest_charge));
  if (intent.status !== 'processing' || !charge) return [];
  dues.drop(intent.id);
  const message = 'The bank returned the debit.';
  Object.assign(charge, { status: 'failed', paid: false, failure_code: code });
  charge.failure_balance_transaction = book(desk, charge, {
    ...{ type: 'payment_failure_refund', category: 'charge_failure' },
    ...{ amount: -charge.amount, fee: 0 },
  });
  intent.status = 'requires_payment_method';
  const method = books.methods.get(nameOf(intent.payment_method));
  intent.last_payment_error = {
    ...{ type: 'card_error', code, message, charge: charge.id },
    ...(method ? { payment_method: structuredClone(method) } : {}),
  };
  intent.payment_method = null;
  books.charges.put(charge);
  books.intents.put(intent);
  return [
    ['charge.failed', charge],
    ['payment_intent.payment_failed', intent],
    ...sessionNews(desk, intent, 'checkout.session.async_payment_failed'),
  ];
}

function sessionNews(
  { books }: Desk,
  intent: Stripe.PaymentIntent,
  type: Stripe.Event['type'],
): Happening[] {
  const session = books.sessions.get(orderOfIntent(books, intent.id)?.id ?? '');
  if (!session) return [];
  if (intent.status === 'succeeded') session.payment_status = 'paid';
  session.amount_total = intent.amount;
  books.sessions.put(session);
  return [[type, session]];
}

function succeed(books: Books, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'succeeded';
  intent.amount_received = charge.amount;
  intent.latest_charge = charge.id;
  intent.last_payment_error = null;
  intent.next_action = null;
  books.charges.put(charge);
  books.intents.put(intent);
}

/** A wrong amount is wrong everywhere: in the event, in the answers, and in the balance. */
function bendAmount({ books }: Desk, intent: Stripe.PaymentIntent): void {
  const { amount } = steeringOf(books, orderOfIntent(books, intent.id)?.number);
  if (amount !== undefined) intent.amount = Number(amount);
}

/** Books what a source did to the balance, and answers the booking's name. */
export function book(
  { books, clock }: Desk,
  source: { id: string; currency: string; description?: string | null },
  entry: { type: string; category: string; amount: number; fee: number },
): string {
  const transaction = draftTransaction({
    ...entry,
    currency: source.currency,
    created: secondsOf(clock.now()),
    source: source.id,
    description: source.description ?? null,
  });
  books.transactions.put(transaction);
  return transaction.id;
}

/** What comes of a kept method without its payer, as the order's steering or the card itself has it. */
export function fateOfCharge(desk: Desk, order: Order, method: Stripe.PaymentMethod): Fate {
  const { charge = 'normal' } = steeringOf(desk.books, order.number);
  if (charge === 'processing') return { kind: 'processing' };
  const decline = charge.startsWith('decline:') ? charge.slice('decline:'.length) : undefined;
  if (decline !== undefined) return declineNamed(decline);
  const instrument = instrumentOfMethod(desk.books, method);
  return instrument.offSession ?? instrument.fate;
}

/** Some reasons are codes of their own, all others are details of `card_declined`. */
const codesOfTheirOwn = new Set(['expired_card', 'incorrect_cvc', 'processing_error']);

export function declineNamed(name: string): Extract<Fate, { kind: 'declined' }> {
  if (codesOfTheirOwn.has(name)) return { kind: 'declined', code: name };
  return { kind: 'declined', code: 'card_declined', declineCode: name };
}

export function instrumentOfMethod(books: Books, { id }: Stripe.PaymentMethod): Instrument {
  const instrument = instrumentOf(books.instruments.get(id)?.number ?? '');
  if (instrument) return instrument;
  throw new Error('a method without a card or account was kept');
}
