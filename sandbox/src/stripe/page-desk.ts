/** What payers do on a page: pay, be declined, confirm with their bank, leave a method for later, or let time pass. */
import type Stripe from 'stripe';
import { openDispute } from './after-sales.ts';
import { type Books, nameOf, type Order, steeringOf } from './books.ts';
import { secondsOf } from './ids.ts';
import {
  type Fate,
  type Instrument,
  instrumentOf,
  usualAccount,
  usualCard,
} from './instruments.ts';
import { draftIntent, draftSetupIntent } from './objects/intents.ts';
import { draftCustomer, draftMethod } from './objects/payer.ts';
import type { Outcome } from './steering.ts';
import {
  type Desk,
  declineNamed,
  describeFailure,
  returnDebit,
  settleDebit,
  tryIntent,
} from './till.ts';

type Happening = readonly [type: Stripe.Event['type'], object: object];
export type PageResult = 'done' | 'declined' | 'confirm' | 'closed';

/** A payer pays with a card or account. `isConfirmed`: they have confirmed it with their bank. */
export function payOnPage(
  desk: Desk,
  order: Order,
  { instrument, isConfirmed }: { instrument: Instrument; isConfirmed: boolean },
): PageResult {
  const session = openSessionOf(desk, order);
  if (!session) return 'closed';
  const { fate } = instrument;
  if (fate.kind === 'confirmed' && !isConfirmed) return 'confirm';
  const settled: Fate = fate.kind === 'confirmed' ? { kind: 'paid' } : fate;
  return session.mode === 'setup'
    ? setUp(desk, { order, session, instrument, fate: settled })
    : pay(desk, { order, session, instrument, fate: settled });
}

interface Acting {
  order: Order;
  session: Stripe.Checkout.Session;
  instrument: Instrument;
  fate: Fate;
}

function pay(desk: Desk, { order, session, instrument, fate }: Acting): PageResult {
  const { books, news } = desk;
  const told: Happening[] = [];
  const intent = intentOf(desk, order, session, told);
  const method = methodOf(desk, instrument);
  told.push(...tryIntent(desk, intent, { method, fate }));
  if (fate.kind === 'declined') {
    news.tell(order.number, told);
    return 'declined';
  }
  if (order.plan.keeps) attach(desk, method, customerOf(desk, session));
  intent.customer = session.customer;
  books.intents.put(intent);
  session.status = 'complete';
  session.url = null;
  session.amount_total = intent.amount;
  session.payment_status = intent.status === 'succeeded' ? 'paid' : 'unpaid';
  books.sessions.put(session);
  news.tell(order.number, [...told, ['checkout.session.completed', session]]);
  if (fate.kind === 'disputed') openDispute(desk, order, { ...fate });
  return 'done';
}

function setUp(desk: Desk, { order, session, instrument, fate }: Acting): PageResult {
  const { books, news } = desk;
  const method = methodOf(desk, instrument);
  const intent = setupOf(desk, order, session);
  if (fate.kind === 'declined') {
    const { code, declineCode } = fate;
    intent.status = 'requires_payment_method';
    intent.last_setup_error = {
      type: 'card_error',
      code,
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      message: describeFailure(code, declineCode),
    };
    books.setups.put(intent);
    news.tell(order.number, [['setup_intent.setup_failed', intent]]);
    return 'declined';
  }
  attach(desk, method, customerOf(desk, session));
  Object.assign(intent, {
    ...{ status: 'succeeded', payment_method: method.id, customer: session.customer },
    last_setup_error: null,
  });
  books.setups.put(intent);
  session.status = 'complete';
  session.url = null;
  books.sessions.put(session);
  news.tell(order.number, [
    ['setup_intent.succeeded', intent],
    ['checkout.session.completed', session],
  ]);
  return 'done';
}

/** What a test or a person decides, whatever the order has come to. `typed`: with which card or account. */
export function decide(
  desk: Desk,
  order: Order,
  { outcome, typed }: { outcome: Outcome; typed?: Instrument | undefined },
): PageResult {
  if (outcome === 'abandoned') return 'done';
  const { books, news } = desk;
  const intent = order.intent === null ? undefined : books.intents.get(order.intent);
  if (intent?.status === 'processing') {
    news.tell(order.number, decideProcessing(desk, intent, outcome));
    return 'done';
  }
  if (intent?.status === 'succeeded' || order.kind === 'charge') {
    if (outcome === 'paid') news.retell(order.number);
    return 'done';
  }
  return decideOnPage(desk, order, { outcome, typed });
}

function decideProcessing(desk: Desk, intent: Stripe.PaymentIntent, outcome: Outcome): Happening[] {
  if (outcome === 'processing') return [];
  return outcome === 'paid'
    ? settleDebit(desk, intent)
    : returnDebit(desk, intent, 'insufficient_funds');
}

function decideOnPage(
  desk: Desk,
  order: Order,
  { outcome, typed }: { outcome: Outcome; typed: Instrument | undefined },
): PageResult {
  const session = openSessionOf(desk, order);
  if (!session) return 'closed';
  const { reorder } = steeringOf(desk.books, order.number);
  const kind = session.payment_method_types[0] === 'card' ? 'card' : 'bank';
  const instrument = chooseInstrument(desk, order, { kind, typed });
  const act = { order, session, instrument };
  const decline = { ...act, fate: declineNamed('generic_decline') };
  if (session.mode === 'setup') {
    return setUp(desk, outcome === 'declined' ? decline : { ...act, fate: { kind: 'paid' } });
  }
  if (kind === 'bank') return decideDebit(desk, act, outcome);
  if (outcome === 'declined') return pay(desk, decline);
  // A card that fails before one that pays: news of it that come late must undo nothing.
  if (reorder === true) pay(desk, decline);
  return payOnPage(desk, order, { instrument, isConfirmed: true });
}

/** What was typed, else what is steered, else the usual one; never a card where the page wants an account. */
function chooseInstrument(
  desk: Desk,
  order: Order,
  { kind, typed }: { kind: Instrument['kind']; typed: Instrument | undefined },
): Instrument {
  const { instrument: steered } = steeringOf(desk.books, order.number);
  const usual = instrumentOf(kind === 'card' ? usualCard : usualAccount);
  const chosen = [typed, instrumentOf(steered ?? ''), usual].find((each) => each?.kind === kind);
  if (chosen) return chosen;
  throw new Error('the usual card and account are known');
}

/** An account may be one whose debits come back by themselves. */
function decideDebit(desk: Desk, act: Omit<Acting, 'fate'>, outcome: Outcome): PageResult {
  const { fate } = act.instrument;
  const result = pay(desk, {
    ...act,
    fate: fate.kind === 'processing' ? fate : { kind: 'processing' },
  });
  return outcome === 'processing' ? result : decide(desk, act.order, { outcome });
}

/** The session on which something can still be done. Its term ends by the sandbox's clock. */
export function openSessionOf(desk: Desk, order: Order): Stripe.Checkout.Session | undefined {
  const session = desk.books.sessions.get(order.id);
  if (!session) return undefined;
  expireWhenDue(desk, session);
  return session.status === 'open' ? session : undefined;
}

export function expireWhenDue(desk: Desk, session: Stripe.Checkout.Session): void {
  const isDue = session.expires_at <= secondsOf(desk.clock.now());
  if (session.status === 'open' && isDue) expireSession(desk, session);
}

export function expireSession(desk: Desk, session: Stripe.Checkout.Session): void {
  const { books, news } = desk;
  session.status = 'expired';
  session.url = null;
  books.sessions.put(session);
  const happened: Happening[] = [['checkout.session.expired', session]];
  const intent = books.intents.get(nameOf(session.payment_intent));
  if (intent && intent.status !== 'succeeded') {
    intent.status = 'canceled';
    intent.cancellation_reason = 'abandoned';
    books.intents.put(intent);
    happened.unshift(['payment_intent.canceled', intent]);
  }
  news.tell(books.orders.get(session.id)?.number ?? session.id, happened);
}

/** The intent of a page is made when its payer first acts. */
function intentOf(
  { books, clock }: Desk,
  order: Order,
  session: Stripe.Checkout.Session,
  told: Happening[],
): Stripe.PaymentIntent {
  const known = books.intents.get(order.intent ?? '');
  if (known) return known;
  const intent = draftIntent({
    ...{ amount: session.amount_total ?? 0, currency: session.currency ?? 'usd' },
    ...{ created: secondsOf(clock.now()), customer: null, method: null },
    ...{ types: session.payment_method_types, ...order.plan },
  });
  order.intent = intent.id;
  session.payment_intent = intent.id;
  books.intents.put(intent);
  books.orders.put(order);
  books.sessions.put(session);
  told.push(['payment_intent.created', structuredClone(intent)]);
  return intent;
}

function setupOf({ books, clock }: Desk, order: Order, session: Stripe.Checkout.Session) {
  const known = books.setups.get(order.setupIntent ?? '');
  if (known) return known;
  const intent = draftSetupIntent({
    ...{ created: secondsOf(clock.now()), customer: nameOf(session.customer) || null },
    ...{ metadata: order.plan.metadata, method: null, types: session.payment_method_types },
  });
  order.setupIntent = intent.id;
  session.setup_intent = intent.id;
  books.setups.put(intent);
  books.orders.put(order);
  books.sessions.put(session);
  return intent;
}

export function methodOf({ books, clock }: Pick<Desk, 'books' | 'clock'>, instrument: Instrument) {
  const created = secondsOf(clock.now());
  const method = draftMethod({ instrument, created, customer: null });
  books.methods.put(method);
  books.instruments.put({ id: method.id, number: instrument.number });
  return method;
}

function customerOf({ books, clock }: Desk, session: Stripe.Checkout.Session): string {
  const known = nameOf(session.customer);
  if (known !== '') return known;
  const customer = draftCustomer({
    ...{ created: secondsOf(clock.now()), email: session.customer_email },
    ...{ name: null, metadata: {} },
  });
  books.customers.put(customer);
  session.customer = customer.id;
  books.sessions.put(session);
  return customer.id;
}

function attach({ books }: { books: Books }, method: Stripe.PaymentMethod, customer: string): void {
  method.customer = customer;
  books.methods.put(method);
}
