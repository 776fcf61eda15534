/**
 * A dispute over a payment. Providers tell of it late, repeatedly and in any order, and their messages carry no
 * sequence; so what is heard is merged such that the order makes no difference, and the ledger follows the result.
 */
import type { MinorMoney } from '../../../platform/money.ts';

export type DisputeStatus = 'needs_response' | 'under_review' | 'won' | 'lost';

/** What providers say of it. */
export interface DisputeState {
  amount: MinorMoney;
  status: DisputeStatus;
  reason: string;
  respondBy: Date | null;
  /** Whether the provider has taken the money from us. */
  isWithdrawn: boolean;
}

export interface Dispute extends DisputeState {
  id: string;
  provider: string;
  merchant: string;
  reference: string;
  transactionId: string | null;
  attemptId: string | null;
  organizationId: string | null;
  /** How much of it the ledger has as gone. */
  bookedMinor: bigint;
  /** Who bears what was lost, once an operator decided. */
  borneBy: 'customer' | 'us' | null;
  borneMinor: bigint | null;
  note: string | null;
  queries: number;
  openedAt: Date;
  changedAt: Date;
  closedAt: Date | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
}

/** Later in a dispute's life is higher. What was lost can be won by an appeal; what was won is disputed anew, if at all. */
const ranks: Record<DisputeStatus, number> = {
  needs_response: 0,
  under_review: 1,
  lost: 2,
  won: 3,
};

/**
 * Merges two states into one: associative, commutative and idempotent, so that repeats and orders do not matter. The later
 * stage counts; within a stage the money is first here and then gone, except that what was won comes back.
 */
export function mergeDispute(a: DisputeState, b: DisputeState): DisputeState {
  if (ranks[a.status] > ranks[b.status]) return keepDeadline(a, b);
  if (ranks[a.status] < ranks[b.status]) return keepDeadline(b, a);
  const isWithdrawn =
    a.status === 'won' ? a.isWithdrawn && b.isWithdrawn : a.isWithdrawn || b.isWithdrawn;
  const amount = isGreater(a.amount, b.amount) ? a.amount : b.amount;
  const [reason = a.reason] = [a.reason, b.reason].sort().reverse();
  return keepDeadline({ ...a, amount, reason, isWithdrawn }, b);
}

function isGreater(a: MinorMoney, b: MinorMoney): boolean {
  return a.currency === b.currency ? a.minor > b.minor : a.currency > b.currency;
}

/** The latest deadline that anybody named: deadlines are only ever extended. */
function keepDeadline(state: DisputeState, other: DisputeState): DisputeState {
  const { respondBy } = other;
  if (!respondBy || (state.respondBy && state.respondBy >= respondBy)) return state;
  return { ...state, respondBy };
}

export function isClosed(status: DisputeStatus): boolean {
  return status === 'won' || status === 'lost';
}

/** How much of it is gone, as the ledger should have it. What was lost is gone, whether or not anybody said withdrawn. */
export function goneOf({ amount, status, isWithdrawn }: DisputeState): bigint {
  return isWithdrawn || status === 'lost' ? amount.minor : 0n;
}

/** What is not to be refunded beside it: the bank takes it, or has. */
export function contestedOf(state: DisputeState): bigint {
  return state.status === 'won' && !state.isWithdrawn ? 0n : state.amount.minor;
}
