/** Who has the money of a payment now: its invoice, or whatever it became part of after it had fitted nothing. */
import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { divideHalfUp, type MinorMoney } from '../../../platform/money.ts';
import type { Attempt } from '../core/attempt.ts';
import { partOf, type Unapplied } from '../core/unapplied.ts';
import type { CollectedPiece } from '../pieces-store.ts';
import { listUnappliedRows, saveReturned } from '../unapplied-store.ts';
import type { NewRefund } from './open-refund.ts';

type Source = Pick<NewRefund, 'source' | 'invoiceId' | 'wallet'>;

/** @throws Refusal `invalid_state`, where it fits nothing still. */
export async function sourceOf(
  executor: Executor,
  { attempt, piece, amount }: { attempt: Attempt; piece: CollectedPiece; amount: MinorMoney },
): Promise<Source> {
  const parked = await findParked(executor, piece);
  if (!parked) return { source: 'invoice', invoiceId: attempt.invoiceId, wallet: null };
  if (parked.applied) return appliedSource(parked, amount);
  throw new Refusal(
    'invalid_state',
    `The money of this payment fitted no invoice: return or apply it as unapplied money (${parked.id}).`,
  );
}

export type OutsideSource = Source & Pick<NewRefund, 'unappliedId' | 'organizationId' | 'amount'>;

/**
 * Whose money went without our doing, and how much of it in the currency in which they have it. Nothing is refused: where
 * nobody can be found, it is missing in `refunds` until an operator finds out.
 */
export async function outsideSourceOf(
  context: Context,
  transaction: Transaction,
  { attempt, piece, charged, isBack = false, isCounted = false }: Gone,
): Promise<OutsideSource> {
  const parked = await findParked(transaction, piece);
  const whole = parked?.whole ?? attempt?.amount ?? piece.amount;
  const amount = { minor: partOf(whole, piece, charged.minor), currency: whole.currency };
  const organizationId = attempt?.organizationId ?? parked?.organizationId ?? null;
  const about = { unappliedId: null, organizationId, amount };
  if (!parked) {
    if (!attempt) return { ...about, ...nobody };
    return { ...about, source: 'invoice', invoiceId: attempt.invoiceId, wallet: null };
  }
  if (parked.applied) return { ...about, ...appliedSource(parked, amount) };
  const isWhole = piece.returnedMinor + charged.minor === piece.amount.minor;
  const source = organizationId === null ? 'nobody' : 'unapplied';
  const unapplied: OutsideSource = { ...about, ...nobody, source, unappliedId: parked.id };
  if (isBack && parked.state === 'returned' && isWhole) return unapplied;
  if (parked.state !== 'open' || !(isWhole || isCounted)) return { ...about, ...nobody };
  if (!isWhole) return unapplied;
  const { id: by } = context.actor;
  await saveReturned(transaction, parked.id, { at: context.clocks.business(), by });
  return unapplied;
}

interface Gone {
  attempt: Attempt | undefined;
  piece: CollectedPiece;
  charged: MinorMoney;
  /** Whether it came back: then this is where it goes. */
  isBack?: boolean;
  /** Whether it is counted with the piece: then a part of what waits may go, and the rest waits on. */
  isCounted?: boolean;
}

const nobody: Source = { source: 'nobody', invoiceId: null, wallet: null };

function appliedSource({ applied, amount: whole }: Unapplied, amount: MinorMoney): Source {
  if (!applied) return nobody;
  const { invoiceId, money } = applied;
  if (invoiceId !== null) return { source: 'invoice', invoiceId, wallet: null };
  const minor = divideHalfUp(money.minor * amount.minor, whole.minor);
  return { source: 'wallet', invoiceId: null, wallet: { minor, currency: money.currency } };
}

async function findParked(
  executor: Executor,
  piece: CollectedPiece,
): Promise<Unapplied | undefined> {
  const [parked] = await listUnappliedRows(executor, { transactionId: piece.id, limit: 1 });
  return parked;
}
