import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { lockFunds } from '../../ledger/index.ts';
import { deleteSources, findStanding, putSource, refreshQuotas } from '../quotas-store.ts';

/**
 * Lets a quota allow so much more until its window is over, because it was paid for. Answers whether it does: an
 * operator's override stands alone, and nothing is added to it.
 */
export async function extendQuota(
  context: Context,
  transaction: Transaction,
  of: { organizationId: string; quotaId: string; amount: bigint; until: Date | null },
): Promise<boolean> {
  const { organizationId, quotaId, amount, until } = of;
  await lockFunds(transaction, organizationId);
  const at = context.clocks.business();
  const before = await findStanding(transaction, { quotaId, source: 'overage', at });
  if (before.isOverridden) return false;
  const source = { source: 'overage' as const, sourceId: quotaId };
  await deleteSources(transaction, { organizationId, ...source, quotaId });
  await putSource(transaction, quotaId, {
    ...source,
    ...{ limit: before.limit + amount, hard: true, startsAt: at, endsAt: until },
  });
  await refreshQuotas(transaction, [quotaId], at);
  return true;
}
