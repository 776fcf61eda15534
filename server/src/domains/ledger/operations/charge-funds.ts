import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { splitOver } from '../core/split.ts';
import { listSpendable, lockFunds } from '../store.ts';
import { postTransfers } from './post-transfers.ts';

export interface FundsCharge {
  organizationId: string;
  /** Nano-units of the usage currency. */
  amount: bigint;
  /** What it is for, as the transfers name it. */
  kind: string;
  reference: string;
}

/** `available`, in nano-units, is what there is. */
export type FundsCharged = { charged: true } | { charged: false; available: bigint };

/**
 * Takes earned money from what may be spent now, grants before the wallet, in the order of the waterfall, or takes
 * nothing where that is too little. Allowances are for calls and stay as they are.
 */
export async function chargeFunds(
  context: Context,
  transaction: Transaction,
  { organizationId, amount, kind, reference }: FundsCharge,
): Promise<FundsCharged> {
  const funds = await lockFunds(transaction, organizationId);
  invariant(funds, `organization ${organizationId} has funds`);
  const { currency } = funds;
  const buckets = await listSpendable(transaction, {
    organizationId,
    currency,
    at: context.clocks.business(),
  });
  const parts = splitOver(buckets, amount);
  if (!parts) {
    const available = buckets.reduce((sum, bucket) => sum + bucket.available, 0n);
    return { charged: false, available };
  }
  await postTransfers(
    context,
    transaction,
    organizationId,
    parts.map(({ account, amount: part }) => ({
      ...{ debit: account, credit: 'revenue' as const, kind, reference },
      amount: { amount: part, currency },
    })),
  );
  return { charged: true };
}
