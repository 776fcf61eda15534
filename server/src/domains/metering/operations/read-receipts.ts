/** Receipts: what a call used, the price that rated it, and what paid. */
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import {
  findMetersById,
  findModelPrices,
  type Meter,
  type ModelPrice,
} from '../../catalog/index.ts';
import { findReratings, type ReratingRow } from '../reratings-store.ts';
import { findUsage, findUsageAhead, listUsage, type UsageFilter, type UsageRow } from '../store.ts';

/** A usage row with its price snapshot, and what it moved of which meters. */
export interface ReceiptRecord {
  usage: UsageRow;
  /** Null where nothing is charged. */
  price: ModelPrice | null;
  meters: { meter: Meter; quantity: bigint }[];
  /** Rated again since; what the customer got back for it is a part of it. */
  rerating: ReratingRow | null;
}

/** Calls that one look goes through, and looks of one page: under a second where nothing at all is found. */
const effort = { calls: 100_000, looks: 3 };

/**
 * A page of receipts, newest first. No index serves every filter, so a page looks through so many calls and no more:
 * `resumeBefore` is where the next one goes on, though this one is not full.
 */
export async function listReceiptPage(
  executor: Executor,
  filter: UsageFilter,
  { calls, looks }: typeof effort = effort,
): Promise<{ records: ReceiptRecord[]; resumeBefore: string | undefined }> {
  const rows: UsageRow[] = [];
  let { before } = filter;
  for (let look = 0; look < looks; look += 1) {
    const downTo = isFound(filter)
      ? undefined
      : await findUsageAhead(executor, { ...filter, before }, calls);
    const limit = filter.limit - rows.length;
    rows.push(...(await listUsage(executor, { ...filter, before, downTo, limit })));
    before = downTo;
    if (downTo === undefined || rows.length === filter.limit) break;
  }
  const isFull = rows.length === filter.limit;
  return { records: await withPrices(executor, rows), resumeBefore: isFull ? undefined : before };
}

/** Whether an index leads straight to what is asked for. */
function isFound(filter: UsageFilter): boolean {
  const { model, apiKeyId, userId, costCenterId, outcome, amountMin, tag } = filter;
  return [model, apiKeyId, userId, costCenterId, outcome, amountMin, tag].every(
    (asked) => asked === undefined,
  );
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
  const reratings = await reratingsOf(executor, rows);
  return rows.map((usage) => ({
    usage,
    rerating: reratings.find((one) => isOf(usage, one)) ?? null,
    price: usage.price_id === null ? null : kept(prices, usage.price_id),
    meters: (usage.meter_ids ?? []).map((id, index) => ({
      meter: kept(meters, id),
      quantity: usage.quantities?.[index] ?? 0n,
    })),
  }));
}

async function reratingsOf(executor: Executor, rows: readonly UsageRow[]): Promise<ReratingRow[]> {
  const models = rows.flatMap(({ model }) => model ?? []);
  const times = rows.map(({ authorized_at: at }) => at.getTime());
  const [from, to] = [new Date(Math.min(...times)), new Date(Math.max(...times) + 1)];
  return findReratings(executor, { models, from, to });
}

function isOf({ model, authorized_at: at, settled_at: settled }: UsageRow, one: ReratingRow) {
  return model === one.model && at >= one.from && at < one.to && settled < one.settledBefore;
}

/** Prices and meters are never deleted, so that receipts can always be explained. */
function kept<T>(found: ReadonlyMap<string, T>, id: string): T {
  const one = found.get(id);
  invariant(one !== undefined, `${id}, which a receipt names, is kept`);
  return one;
}
