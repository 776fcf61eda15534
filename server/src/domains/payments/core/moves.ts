/** Postings between two accounts that may count in different currencies. */
import { fromMinor, type MinorMoney, type Money } from '../../../platform/money.ts';
import type { Account } from '../../ledger/index.ts';
import type { Refund } from './refund.ts';

export interface Move {
  debit: Account;
  credit: Account;
  amount: Money;
}

/** `given` leaves the one account and `taken` enters the other; through an `exchange` pair where they differ. */
export function moves(
  accounts: { debit: Account; credit: Account },
  given: MinorMoney,
  taken: MinorMoney = given,
): Move[] {
  const { debit, credit } = accounts;
  if (given.minor === 0n && taken.minor === 0n) return [];
  if (given.currency === taken.currency) return [{ debit, credit, amount: fromMinor(given) }];
  return [
    { debit, credit: 'exchange', amount: fromMinor(given) },
    { debit: 'exchange', credit, amount: fromMinor(taken) },
  ];
}

type Posted = Pick<Refund, 'destination' | 'provider' | 'amount' | 'charged' | 'wallet'>;

/** A refund that succeeded: what stood in `refunds` leaves. Reversed, where the money came back after all. */
export function refundPostings(refund: Posted, isReversed = false): Move[] {
  const { destination, provider, amount, charged, wallet } = refund;
  const toWallet = destination === 'wallet' || provider === 'wallet';
  const account: Account = toWallet ? 'wallet' : `clearing:${provider}`;
  const outside = destination === 'wallet' ? (wallet ?? amount) : charged;
  return isReversed
    ? moves({ debit: account, credit: 'refunds' }, outside, amount)
    : moves({ debit: 'refunds', credit: account }, amount, outside);
}
