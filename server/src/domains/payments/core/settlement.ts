/** Decides what collected money is: the attempt's, or money that has to be parked until someone looks. */
import { fromMinor, type MinorMoney, type Money } from '../../../platform/money.ts';
import type { Attempt } from './attempt.ts';

/** Money that a provider says it has collected. */
export interface CollectedMoney {
  number: string;
  merchant: string;
  providerTransaction: string;
  amount: MinorMoney;
  /**
   * What is the same whenever the same card or account pays, as the provider calls it: a card's fingerprint, a payer's id.
   * Left out where the provider says nothing of it.
   */
  payer?: string | undefined;
}

export type UnappliedReason =
  | 'late'
  | 'duplicate'
  | 'amount_mismatch'
  | 'unknown_order'
  | 'invoice_closed';

export type Settlement =
  | { kind: 'settle' }
  /** `isOurs`: the order is one of ours, so the money is its organization's. */
  | { kind: 'park'; reason: UnappliedReason; isOurs: boolean };

/** The attempt is locked, and `money` has not been counted before. */
export function decideSettlement(
  attempt: Attempt | undefined,
  money: CollectedMoney & { provider: string },
): Settlement {
  // A number of another provider's order, or of another merchant's, is no order of this provider.
  const isOurs =
    attempt !== undefined &&
    attempt.provider === money.provider &&
    attempt.merchant === money.merchant;
  if (!isOurs) return { kind: 'park', reason: 'unknown_order', isOurs: false };
  if (attempt.status === 'succeeded') return { kind: 'park', reason: 'duplicate', isOurs: true };
  if (!isSameMoney(attempt.charged, money.amount)) {
    return { kind: 'park', reason: 'amount_mismatch', isOurs: true };
  }
  return { kind: 'settle' };
}

export function isSameMoney(a: MinorMoney, b: MinorMoney): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}

export type SourceAccount = 'wallet' | `clearing:${string}`;

export interface SettlementPosting {
  debit: SourceAccount | 'exchange';
  credit: 'unapplied' | 'exchange';
  amount: Money;
}

/** Moves collected money to `unapplied`; where it was collected in another currency, through an `exchange` pair. */
export function settlementPostings(
  source: SourceAccount,
  charged: MinorMoney,
  amount: MinorMoney,
): SettlementPosting[] {
  if (charged.minor === 0n && amount.minor === 0n) return [];
  if (charged.currency === amount.currency) {
    return [{ debit: source, credit: 'unapplied', amount: fromMinor(amount) }];
  }
  return [
    { debit: source, credit: 'exchange', amount: fromMinor(charged) },
    { debit: 'exchange', credit: 'unapplied', amount: fromMinor(amount) },
  ];
}
