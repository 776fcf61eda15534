/**
 * Hands what a provider told us to the operation whose matter it is. Every taker is idempotent: the same news may come
 * again, by another notification, out of order, or to two processes at once. One that throws is tried again later.
 */
import type { Context } from '../../../platform/context.ts';
import type { Attempt } from '../core/attempt.ts';
import type { Taken } from '../core/inbox.ts';
import { type CollectedMoney, isSameMoney } from '../core/settlement.ts';
import type { Asked, Claims, Connection, FindOutcome } from '../provider.ts';
import { saveReference } from '../references-store.ts';
import { findAttemptByNumber } from '../store.ts';
import { hearOfSetup } from './hear-of-setup.ts';
import { askedOf, queryAttempt } from './query-attempt.ts';
import { forgetRemoved } from './remove-method.ts';
import { settleAttempt } from './settle-attempt.ts';
import { takeDisputeNews } from './take-dispute-news.ts';
import { takeRefundNews } from './take-refund-news.ts';

export interface Told {
  provider: string;
  connection: Connection;
}

export async function takeNews(
  context: Context,
  { claims, ...told }: Told & { claims: Claims },
): Promise<Taken> {
  const meaning = told.connection.translate(claims);
  switch (meaning.kind) {
    case 'nothing':
      return { outcome: 'ignored' };
    case 'implausible':
      return { outcome: 'dead', reason: meaning.reason };
    case 'collected':
      return takeCollected(context, told, meaning);
    case 'changed':
      return takeChange(context, told, meaning);
    case 'method_removed': {
      const { reference } = meaning;
      const isKnown = await forgetRemoved(context, { provider: told.provider, reference });
      return { outcome: isKnown ? 'handled' : 'ignored' };
    }
    case 'refund':
      return takeRefundNews(context, told, meaning.refund);
    case 'dispute':
      return takeDisputeNews(context, told, meaning.dispute);
    default:
      return { outcome: 'ignored' };
  }
}

/** A signature proves that the key was used, not that money was paid: the provider has to say it when asked. */
async function takeCollected(
  context: Context,
  { provider, connection }: Told,
  { money: claimed, reference }: { money: CollectedMoney; reference?: string },
): Promise<Taken> {
  const attempt = await findAttemptByNumber(context.database, claimed.number);
  const isKnown =
    attempt?.provider === provider && attempt.providerTransaction === claimed.providerTransaction;
  // Saves the query for what comes again in other bytes.
  if (isKnown) return { outcome: 'repeated' };
  const asked: Asked = attempt
    ? askedOf({ ...attempt, reference: attempt.reference ?? reference ?? null })
    : {
        ...{ number: claimed.number, reference: reference ?? null },
        ...{ charged: claimed.amount, mayCapture: false },
      };
  const money = connection.confirmByQuery
    ? confirmed(await connection.find(asked), claimed)
    : claimed;
  if (!money) {
    const reason = 'The provider does not confirm it when asked, or could not be asked.';
    return { outcome: 'unconfirmed', reason };
  }
  if (attempt) await keepReference(context, attempt, reference);
  const outcome = await settleAttempt(context, { ...money, provider, source: 'notification' });
  return outcome === 'contradictory'
    ? { outcome: 'dead', reason: 'Its transaction has paid another order.' }
    : { outcome };
}

/** The answer that named it was lost; refunds and later queries ask by it. */
async function keepReference(
  context: Context,
  attempt: Attempt,
  reference: string | undefined,
): Promise<void> {
  if (attempt.reference !== null || reference === undefined) return;
  await saveReference(context.database, attempt.id, reference);
}

function confirmed(found: FindOutcome, claimed: CollectedMoney): CollectedMoney | undefined {
  if (found.status !== 'succeeded') return undefined;
  return isSameMoney(found.money.amount, claimed.amount) ? found.money : undefined;
}

/** Something became of an order, in whatever order we hear of it: what counts is how it stands when asked. */
async function takeChange(
  context: Context,
  { provider }: Told,
  { number, reference }: { number: string; reference?: string },
): Promise<Taken> {
  const attempt = await findAttemptByNumber(context.database, number);
  if (attempt?.provider !== provider) {
    const isSetup = await hearOfSetup(context, { provider, number, reference });
    return { outcome: isSetup ? 'handled' : 'ignored' };
  }
  const known = attempt.reference ?? reference ?? null;
  const found = await queryAttempt(context, { ...attempt, reference: known });
  const isThere = found !== 'unknown' && found !== 'absent';
  if (isThere) await keepReference(context, attempt, reference);
  return found === 'unknown'
    ? { outcome: 'unconfirmed', reason: 'The provider could not be asked how the order stands.' }
    : { outcome: found === 'succeeded' ? 'settled' : 'handled' };
}
