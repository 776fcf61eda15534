/** Receipts: what a call used, the price that rated it, and what paid. */
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import {
  findMetersById,
  findModelPrices,
  type Meter,
  type ModelPrice,
} from '../../catalog/index.ts';
import { findUsage, listUsage, type UsageFilter, type UsageRow } from '../store.ts';

/** A usage row with its price snapshot, and what it moved of which meters. */
export interface ReceiptRecord {
  usage: UsageRow;
  /** Null where nothing is charged. */
  price: ModelPrice | null;
  meters: { meter: Meter; quantity: bigint }[];
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
  const priceIds = rows.flatMap(({ price_id }) => price_id ?? []);
  const prices = await findModelPrices(executor, priceIds);
  const meterIds = rows.flatMap(({ meter_ids }) => meter_ids ?? []);
  const meters = await findMetersById(executor, meterIds);
  return rows.map((usage) => ({
    usage,
    price: usage.price_id === null ? null : kept(prices, usage.price_id),
    meters: (usage.meter_ids ?? []).map((id, index) => ({
      meter: kept(meters, id),
      quantity: usage.quantities?.[index] ?? 0n,
    })),
  }));
}

/** Prices and meters are never deleted, so that receipts can always be explained. */
function kept<T>(found: ReadonlyMap<string, T>, id: string): T {
  const one = found.get(id);
  invariant(one !== undefined, `${id}, which a receipt names, is kept`);
  return one;
}
