/** Accounts are addresses within (organization, currency). Only those that constrain spending keep a balance row. */

export type BucketAccount = 'wallet' | `grant:${string}` | `allowance:${string}`;

export type Account =
  | BucketAccount
  | 'receivable'
  | 'deferred'
  | 'revenue'
  | 'tax'
  | 'customer_credit'
  | 'unapplied'
  | 'refunds'
  | 'disputes'
  | 'exchange'
  | 'world'
  | 'rounding'
  | 'write_off'
  | 'breakage'
  | 'provider_fees'
  | `clearing:${string}`;

/** Whether the account may never be overdrawn, and so has a bucket. */
export function isBucketAccount(account: Account): account is BucketAccount {
  return account === 'wallet' || account.startsWith('grant:') || account.startsWith('allowance:');
}
