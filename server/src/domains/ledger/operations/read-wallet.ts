import type { Executor } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import type { WalletState } from '../core/present.ts';
import { findFunds, listWalletBuckets } from '../store.ts';

/**
 * Reads wallet, credit grants and what is owed.
 * @throws Refusal `not_found` for an organization without funds.
 */
export async function readWallet(executor: Executor, organizationId: string): Promise<WalletState> {
  const funds = await findFunds(executor, organizationId);
  if (!funds) throw notFound('organization');
  const buckets = await listWalletBuckets(executor, organizationId);
  const wallet = buckets.find(
    ({ kind, currency }) => kind === 'wallet' && currency === funds.currency,
  );
  return {
    currency: funds.currency,
    available: wallet?.available ?? 0n,
    held: wallet?.held ?? 0n,
    owed: funds.shortfall,
    grants: buckets.filter(({ kind }) => kind === 'grant'),
  };
}
