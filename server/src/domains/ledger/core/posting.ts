/** A posting moves an amount from the account it debits to the account it credits. A balance is credits − debits. */
import { invariant } from '../../../platform/errors.ts';
import { type Money, nanosMax } from '../../../platform/money.ts';
import { type Account, type BucketAccount, isBucketAccount } from './account.ts';

export interface Posting {
  debit: Account;
  credit: Account;
  amount: Money;
  /** Why it moves, such as `top_up` or `usage`. */
  kind: string;
  /** What is behind it: the id of the call, invoice or payment. */
  reference: string;
}

/** What a list of postings does to one bucket. */
export interface BucketChange {
  account: BucketAccount;
  currency: string;
  change: bigint;
}

/** Nets the postings per bucket; each posting has two accounts, so all changes together sum to zero. */
export function bucketChanges(postings: readonly Posting[]): BucketChange[] {
  const changes = new Map<string, BucketChange>();
  const add = (account: Account, currency: string, amount: bigint) => {
    if (!isBucketAccount(account)) return;
    const key = `${account} ${currency}`;
    const change = changes.get(key) ?? { account, currency, change: 0n };
    changes.set(key, { ...change, change: change.change + amount });
  };
  for (const { debit, credit, amount } of postings) {
    invariant(amount.amount > 0n && amount.amount <= nanosMax, 'a posting moves a positive amount');
    invariant(debit !== credit, 'a posting has two accounts');
    add(debit, amount.currency, -amount.amount);
    add(credit, amount.currency, amount.amount);
  }
  return [...changes.values()];
}
