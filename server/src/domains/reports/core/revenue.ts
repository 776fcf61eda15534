/** What transfers say of the business: what was earned, from what, and what money came and went. */
import type { revenueKinds } from '@sluice/contract/reports-revenue';
import type { AccountMoves } from '../../ledger/index.ts';

export type RevenueKind = (typeof revenueKinds)[number];
export type Move = Pick<AccountMoves, 'debit' | 'credit' | 'kind' | 'source' | 'amount'>;

export interface Cash {
  received: bigint;
  returned: bigint;
  disputed: bigint;
  fees: bigint;
}

export interface RevenueFigures {
  recognized: bigint;
  byKind: Record<RevenueKind, bigint>;
  cash: Cash;
  byProvider: Map<string, Cash>;
}

export function revenueOf(moves: readonly Move[]): RevenueFigures {
  const figures: RevenueFigures = {
    recognized: 0n,
    byKind: {
      ...{ subscriptions: 0n, packages: 0n, invoices: 0n, usage: 0n, grants: 0n },
      ...{ credit_notes: 0n, corrections: 0n, other: 0n },
    },
    cash: noCash(),
    byProvider: new Map(),
  };
  for (const move of moves) {
    const earned = flowOf(move, 'revenue');
    if (earned !== 0n) {
      figures.recognized += earned;
      figures.byKind[revenueKindOf(move)] += earned;
    }
    addCash(figures, move);
  }
  return figures;
}

/** What enters an account, less what leaves it. */
export function flowOf({ debit, credit, amount }: Move, account: string): bigint {
  if (credit === account) return amount;
  return debit === account ? -amount : 0n;
}

/** Of a transfer that enters or leaves `revenue`. */
function revenueKindOf({ debit, credit, kind, source }: Move): RevenueKind {
  const other = credit === 'revenue' ? debit : credit;
  if (kind === 'recognition') return source === 'opk' ? 'packages' : 'subscriptions';
  if (kind === 'credit_note') return 'credit_notes';
  if (kind === 'adjustment') return 'corrections';
  if (kind === 'sale') return 'invoices';
  if (other === 'grant') return 'grants';
  if (kind === 'usage' || kind === 'shortfall' || kind === 'overage') return 'usage';
  return 'other';
}

const clearing = 'clearing:';

/** A provider's account is debited for what came through it and credited for what left. */
function addCash(figures: RevenueFigures, move: Move): void {
  const { debit, credit, amount } = move;
  const isIn = debit.startsWith(clearing);
  if (isIn === credit.startsWith(clearing)) return;
  const provider = (isIn ? debit : credit).slice(clearing.length);
  const cash = figures.byProvider.get(provider) ?? noCash();
  figures.byProvider.set(provider, cash);
  const signed = isIn ? amount : -amount;
  const kind = cashKindOf(isIn ? credit : debit);
  cash[kind] += signed;
  figures.cash[kind] += signed;
}

function cashKindOf(other: string): keyof Cash {
  if (other === 'refunds') return 'returned';
  if (other === 'disputes') return 'disputed';
  // What a reconciliation wrote off stayed with the provider like its fees.
  return other === 'provider_fees' || other === 'write_off' ? 'fees' : 'received';
}

const noCash = (): Cash => ({ received: 0n, returned: 0n, disputed: 0n, fees: 0n });

export const cashOf = ({ received, returned, disputed, fees }: Cash): bigint =>
  received + returned + disputed + fees;

/** What was given up, less what was paid after all: both as they are booked. */
export function lossesOf(moves: readonly Move[]): { writtenOff: bigint; recovered: bigint } {
  let writtenOff = 0n;
  let recovered = 0n;
  for (const { debit, credit, amount } of moves) {
    if (debit === 'write_off' && credit === 'receivable') writtenOff += amount;
    if (credit === 'write_off' && debit === 'receivable') recovered += amount;
  }
  return { writtenOff, recovered };
}

/** Who paid for calls when they ended; their sum is what the calls were billed. */
export function payersOf(moves: readonly Move[]): {
  allowance: bigint;
  grant: bigint;
  wallet: bigint;
  owed: bigint;
} {
  const paid = { allowance: 0n, grant: 0n, wallet: 0n, owed: 0n };
  for (const { debit, credit, kind, amount } of moves) {
    if (kind === 'shortfall' && debit === 'receivable' && credit === 'revenue') paid.owed += amount;
    if (kind !== 'usage') continue;
    if (debit === 'allowance' || debit === 'grant' || debit === 'wallet') paid[debit] += amount;
  }
  return paid;
}
