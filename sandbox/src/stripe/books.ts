/** All that the vendor keeps: its objects as they are shown, and what only the sandbox knows of them. */
import { join } from 'node:path';
import type Stripe from 'stripe';
import { Journal } from '../storage/journal.ts';
import type { Steering } from './steering.ts';

/** What a merchant asked for under a number of their own; the vendor itself has no such thing. */
export interface Order {
  /** The session's name, or the intent's where there is no session. */
  id: string;
  /** The merchant's number. */
  number: string;
  kind: 'payment' | 'setup' | 'charge';
  title: string;
  intent: string | null;
  setupIntent: string | null;
  /** What the intent will be made with once the payer acts. */
  plan: { metadata: Record<string, string>; description: string | null; keeps: boolean };
  created_at: string;
}

/** The answer to a call with an idempotency key. */
export interface KeptAnswer {
  id: string;
  fingerprint: string;
  request: string;
  status: number;
  body: string;
  created_at: string;
}

/** Something that happens by itself when its time has come. */
export interface Due {
  id: string;
  at: string;
  what: 'settle' | 'return' | 'refund';
  about: string;
  code: string | null;
}

export interface KeptSteering {
  /** The merchant's number, or `*` for orders without steering of their own. */
  id: string;
  steering: Steering;
}

/** An endpoint, with the secret that is shown only once. */
export type KeptEndpoint = Stripe.WebhookEndpoint & { secrets: string[] };

const recordsMax = 50_000;

export type Books = ReturnType<typeof openBooks>;

export function openBooks(dataDir: string | undefined) {
  const opened: { close(): void }[] = [];
  function open<T extends { id: string }>(name: string): Journal<T> {
    const path = dataDir === undefined ? undefined : join(dataDir, `stripe-${name}.jsonl`);
    const journal = new Journal<T>({ path, recordsMax });
    opened.push(journal);
    return journal;
  }
  return {
    orders: open<Order>('orders'),
    sessions: open<Stripe.Checkout.Session>('sessions'),
    intents: open<Stripe.PaymentIntent>('intents'),
    setups: open<Stripe.SetupIntent>('setups'),
    charges: open<Stripe.Charge>('charges'),
    refunds: open<Stripe.Refund>('refunds'),
    disputes: open<Stripe.Dispute>('disputes'),
    customers: open<Stripe.Customer>('customers'),
    methods: open<Stripe.PaymentMethod>('methods'),
    /** The number of each method's card or account, which the vendor shows to nobody. */
    instruments: open<{ id: string; number: string }>('instruments'),
    transactions: open<Stripe.BalanceTransaction>('transactions'),
    events: open<KeptEvent>('events'),
    endpoints: open<KeptEndpoint>('endpoints'),
    answers: open<KeptAnswer>('answers'),
    dues: open<Due>('dues'),
    steerings: open<KeptSteering>('steering'),
    close: () => {
      for (const journal of opened) journal.close();
    },
  };
}

export type KeptEvent = Stripe.EventBase;

/** The one of that name, whatever it is. */
export function findObject(books: Books, id: string): object | undefined {
  const shelves = {
    ...{ cs: books.sessions, pi: books.intents, seti: books.setups, ch: books.charges },
    ...{ py: books.charges, re: books.refunds, pyr: books.refunds, du: books.disputes },
    ...{ cus: books.customers, pm: books.methods, txn: books.transactions },
  };
  const prefix = id.split('_')[0] ?? '';
  return Object.hasOwn(shelves, prefix)
    ? shelves[prefix as keyof typeof shelves].get(id)
    : undefined;
}

/** The merchant's newest order of a number. */
export function orderOf(books: Books, number: string): Order | undefined {
  return books.orders.all().findLast((order) => order.number === number);
}

export function orderOfIntent(books: Books, intent: string): Order | undefined {
  return books.orders.all().findLast((order) => order.intent === intent);
}

export function steeringOf(books: Books, number: string | undefined): Steering {
  const own = number === undefined ? undefined : books.steerings.get(number);
  return (own ?? books.steerings.get('*'))?.steering ?? {};
}

/** The id of what a field refers to. */
export function nameOf(reference: string | { id: string } | null | undefined): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '');
}
