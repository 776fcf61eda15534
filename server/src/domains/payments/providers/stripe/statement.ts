/**
 * What Stripe booked on a day of its calendar, which is UTC: its balance transactions. A bank debit is in the balance
 * from the day on which it was given, days before anybody knows whether it comes; here it is listed on the day on which
 * it came, as it is in our books, and one that came back is not listed at all.
 */
import type Stripe from 'stripe';
import type { StatementLine, StatementOutcome } from '../../provider.ts';
import { type Account, idOf, numberIn, refundKey } from './account.ts';
import { fromStripe } from './money.ts';

const pageLength = 100;
/** A hundred thousand lines. */
const pagesMax = 1_000;
const dayMs = 86_400_000;
/** Stripe forgets events then; of an older day a debit is listed when it was given, if it came. */
const eventsKeptMs = 30 * dayMs;

interface Day {
  from: Date;
  to: Date;
}

export async function readStatement(account: Account, date: string): Promise<StatementOutcome> {
  const from = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(from.getTime())) return { status: 'unknown' };
  const day = { from, to: new Date(from.getTime() + dayMs) };
  const client = await account.client();
  try {
    const transactions = await listTransactions(account, day);
    const now = client.heardAt()?.getTime() ?? 0;
    if (now < day.to.getTime()) return { status: 'not_ready' };
    const isRemembered = now - from.getTime() < eventsKeptMs;
    const arrived = isRemembered ? await listArrivedDebits(account, day) : [];
    const lines = [...transactions.filter((each) => isListed(each, isRemembered)), ...arrived];
    const read = lines.map(lineOf);
    const good = read.filter((line) => line !== undefined);
    // A line that cannot be read could be anything: then nothing is said of the day.
    if (good.length < read.length) return { status: 'unknown' };
    return { status: 'ready', ...day, lines: good };
  } catch {
    return { status: 'unknown' };
  }
}

/** A balance transaction, and when what it is for came about. */
type Booked = Stripe.BalanceTransaction & { source: Source };
type Source = Stripe.BalanceTransactionSource | null;

async function listTransactions(account: Account, { from, to }: Day): Promise<Booked[]> {
  const { sdk } = await account.client();
  const found = await pagesOf((page) =>
    sdk.balanceTransactions.list({
      ...{ created: within({ from, to }), expand: ['data.source'] },
      ...page,
    }),
  );
  return found.map((each) => ({ ...each, source: sourceOf(each) }));
}

/** Debits of which Stripe said on that day that they are there, with what was booked of them before. */
async function listArrivedDebits(account: Account, day: Day): Promise<Booked[]> {
  const { sdk } = await account.client();
  const events = await pagesOf((page) =>
    sdk.events.list({ ...{ type: 'charge.succeeded', created: within(day) }, ...page }),
  );
  const arrived: Booked[] = [];
  for (const event of events) {
    if (event.type !== 'charge.succeeded') continue;
    const charge = event.data.object;
    const booking = idOf(charge.balance_transaction);
    if (booking === undefined || !isDebit(charge)) continue;
    const transaction = await sdk.balanceTransactions.retrieve(booking, { expand: ['source'] });
    arrived.push({ ...transaction, source: sourceOf(transaction), created: event.created });
  }
  return arrived;
}

function within({ from, to }: Day) {
  return { gte: from.getTime() / 1_000, lt: to.getTime() / 1_000 };
}

/** @throws Error where there is no end of pages, and StripeError where there was no answer. */
async function pagesOf<T extends { id: string }>(
  ask: (page: { limit: number; starting_after?: string }) => Promise<Stripe.ApiList<T>>,
): Promise<T[]> {
  const found: T[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const last = found.at(-1)?.id;
    const { data, has_more: hasMore } = await ask({
      ...{ limit: pageLength },
      ...(last === undefined ? {} : { starting_after: last }),
    });
    found.push(...data);
    if (!hasMore || data.length === 0) return found;
  }
  throw new Error('There are more pages than anybody should read.');
}

function sourceOf({ source }: Stripe.BalanceTransaction): Source {
  return typeof source === 'object' ? source : null;
}

/** Stripe calls what is no card a payment. */
function isDebit({ id }: Stripe.Charge): boolean {
  return id.startsWith('py_');
}

function isListed({ source, type }: Booked, isRemembered: boolean): boolean {
  if (type === 'payment_failure_refund') return false;
  if (source?.object !== 'charge' || !isDebit(source)) return true;
  return !isRemembered && source.status === 'succeeded';
}

const kinds: Readonly<Record<string, StatementLine['kind']>> = {
  ...{ charge: 'payment', refund: 'refund', refund_failure: 'refund', dispute: 'dispute' },
  ...{ dispute_reversal: 'dispute', fee: 'fee', network_cost: 'fee', payout: 'payout' },
  payout_reversal: 'payout',
};

/**
 * Where the account settles in another currency than was charged, a payment or refund is listed as it was charged, for
 * that is what we have booked of it; its fee stays in the currency of the balance.
 */
function lineOf(transaction: Booked): StatementLine | undefined {
  const { currency, reporting_category: category, source } = transaction;
  const amount = amountOf(transaction);
  if (!amount) return undefined;
  return {
    kind: kinds[category] ?? 'other',
    number: numberOf(source),
    providerTransaction: transactionOf(source) ?? transaction.id,
    ...(source?.object === 'refund' ? { payment: paymentOf(source) } : {}),
    amount,
    fee: fromStripe(transaction.fee, currency) ?? null,
    at: new Date(transaction.created * 1_000),
  };
}

function amountOf({ source, amount, currency }: Booked) {
  const isSold = source?.object === 'charge' || source?.object === 'refund';
  if (!isSold || source.currency === currency) return fromStripe(amount, currency);
  return fromStripe((amount < 0 ? -1 : 1) * source.amount, source.currency);
}

function numberOf(source: Source): string | null {
  if (source?.object === 'charge') return numberIn(source.metadata) ?? null;
  if (source?.object === 'refund') return numberIn(source.metadata, refundKey) ?? null;
  return null;
}

function paymentOf({ payment_intent, charge }: Stripe.Refund) {
  return { number: null, providerTransaction: idOf(payment_intent) ?? idOf(charge) ?? null };
}

function transactionOf(source: Source): string | undefined {
  if (source?.object === 'charge') return idOf(source.payment_intent) ?? source.id;
  return source === null ? undefined : source.id;
}
