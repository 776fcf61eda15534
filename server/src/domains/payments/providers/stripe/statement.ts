/** The balance transactions of a day of Stripe's calendar, which is UTC. */
import type Stripe from 'stripe';
import type { StatementLine, StatementOutcome } from '../../provider.ts';
import { type Account, idOf, numberIn, refundKey } from './account.ts';
import { fromStripe } from './money.ts';

const pageLength = 100;
/** A hundred thousand lines. */
const pagesMax = 1_000;
const dayMs = 86_400_000;

export async function readStatement(account: Account, date: string): Promise<StatementOutcome> {
  const from = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(from.getTime())) return { status: 'unknown' };
  const to = new Date(from.getTime() + dayMs);
  const client = account.client();
  const lines: StatementLine[] = [];
  let startingAfter: string | undefined;
  try {
    for (let page = 0; page < pagesMax; page += 1) {
      const transactions = await client.sdk.balanceTransactions.list({
        created: { gte: from.getTime() / 1_000, lt: to.getTime() / 1_000 },
        ...{ limit: pageLength, expand: ['data.source'] },
        ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
      });
      const isOver = (client.heardAt()?.getTime() ?? 0) >= to.getTime();
      if (!isOver) return { status: 'not_ready' };
      for (const transaction of transactions.data) {
        const line = lineOf(transaction);
        if (!line) return { status: 'unknown' };
        lines.push(line);
      }
      startingAfter = transactions.data.at(-1)?.id;
      if (!transactions.has_more || startingAfter === undefined) {
        return { status: 'ready', from, to, lines };
      }
    }
    return { status: 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
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
function lineOf(transaction: Stripe.BalanceTransaction): StatementLine | undefined {
  const { currency, reporting_category: category } = transaction;
  const source = typeof transaction.source === 'object' ? transaction.source : null;
  const amount = amountOf(transaction, source);
  const fee = fromStripe(transaction.fee, currency);
  if (!amount) return undefined;
  return {
    kind: isUnderWay(source) ? 'other' : (kinds[category] ?? 'other'),
    number: numberOf(source),
    providerTransaction: transactionOf(source) ?? transaction.id,
    ...(source?.object === 'refund' ? { payment: paymentOf(source) } : {}),
    amount,
    fee: fee ?? null,
    at: new Date(transaction.created * 1_000),
  };
}

type Source = Stripe.BalanceTransactionSource | null;

function amountOf(transaction: Stripe.BalanceTransaction, source: Source) {
  const isSold = source?.object === 'charge' || source?.object === 'refund';
  if (!isSold || source.currency === transaction.currency) {
    return fromStripe(transaction.amount, transaction.currency);
  }
  const sign = transaction.amount < 0 ? -1 : 1;
  return fromStripe(sign * source.amount, source.currency);
}

/** A bank debit is listed when it is given, and taken off the list if it comes back. Neither is a payment yet. */
function isUnderWay(source: Source): boolean {
  return source?.object === 'charge' && source.status !== 'succeeded';
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
