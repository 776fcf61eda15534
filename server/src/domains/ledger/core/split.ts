import type { BucketAccount } from './account.ts';

export interface SpendableBucket {
  account: BucketAccount;
  available: bigint;
}

/** Takes an amount from buckets in their order; undefined where all of them do not cover it. */
export function splitOver(
  buckets: readonly SpendableBucket[],
  amount: bigint,
): { account: BucketAccount; amount: bigint }[] | undefined {
  const parts: { account: BucketAccount; amount: bigint }[] = [];
  let missing = amount;
  for (const { account, available } of buckets) {
    const part = available < missing ? available : missing;
    if (part <= 0n) continue;
    parts.push({ account, amount: part });
    missing -= part;
  }
  return missing === 0n ? parts : undefined;
}
