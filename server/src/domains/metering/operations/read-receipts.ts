/** Receipts: what a call used, the price that rated it, and what paid. */
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { findModelPrices, type ModelPrice } from '../../catalog/index.ts';
import { findUsage, listUsage, type UsageFilter, type UsageRow } from '../store.ts';

/** A usage row with its price snapshot. */
export interface ReceiptRecord {
  usage: UsageRow;
  price: ModelPrice;
}

/** Lists receipts, newest first. */
export async function listReceipts(
  executor: Executor,
  filter: UsageFilter,
): Promise<ReceiptRecord[]> {
  return withPrices(executor, await listUsage(executor, filter));
}

/** Finds one receipt; of one organization when that is given. */
export async function findReceipt(
  executor: Executor,
  requestId: string,
  organizationId?: string,
): Promise<ReceiptRecord | undefined> {
  const usage = await findUsage(executor, requestId);
  if (!usage) return undefined;
  if (organizationId !== undefined && usage.organization_id !== organizationId) return undefined;
  const [record] = await withPrices(executor, [usage]);
  return record;
}

async function withPrices(executor: Executor, rows: UsageRow[]): Promise<ReceiptRecord[]> {
  const prices = await findModelPrices(
    executor,
    rows.map(({ price_id }) => price_id),
  );
  return rows.map((usage) => {
    const price = prices.get(usage.price_id);
    invariant(price, `the price snapshot ${usage.price_id} of ${usage.request_id} is kept`);
    return { usage, price };
  });
}
