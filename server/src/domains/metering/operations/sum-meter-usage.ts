import type { Executor } from '../../../platform/database/pool.ts';
import { formatQuantity } from '../../../platform/quantity.ts';
import { startOfDay, startOfMonth } from '../../../platform/time.ts';
import type { Meter } from '../../catalog/index.ts';
import { weightedSum } from '../core/weighted-sum.ts';
import { listQuantities, type WeighedEvent } from '../ingest-store.ts';
import {
  countValues,
  type GroupName,
  type Groups,
  groupNames,
  isMovedByCalls,
  type QuantityTotal,
  type SumsQuery,
  sumMovedByCalls,
  sumQuantities,
} from '../rollups-store.ts';
import { endOf, isOfDays } from './sum-usage.ts';

/** What was used of a meter in one interval. */
export interface MeterPoint {
  starts_at: Date;
  ends_at: Date;
  groups: Partial<Groups>;
  events: bigint;
  /** In the meter's unit; null where nothing stood. */
  quantity: string | null;
}

export type MeterQuery = Omit<SumsQuery, 'ofDays'>;

/** Sums what was used of a meter by its aggregation and by interval of the zone. */
export async function sumMeterUsage(
  executor: Executor,
  meter: Meter,
  query: MeterQuery,
): Promise<MeterPoint[]> {
  if (meter.aggregation === 'weighted_sum') return sumWeighted(executor, meter, query);
  if (meter.kind === 'level' && meter.aggregation === 'sum')
    return readLevels(executor, meter, query);
  const asked = { ...query, meterId: meter.id, ofDays: isOfDays(query) };
  const totals = await sumsOf(meter)(executor, asked);
  return totals.map((total) => ({
    ...placeOf(total, query),
    events: total.events,
    quantity: formatQuantity(aggregated(total, meter), meter.unit),
  }));
}

function sumsOf({ id, aggregation }: Meter) {
  if (isMovedByCalls(id)) return sumMovedByCalls;
  return aggregation === 'unique' ? countValues : sumQuantities;
}

function aggregated(total: QuantityTotal, { aggregation }: Meter): bigint {
  if (aggregation === 'max') return total.maximum;
  return aggregation === 'latest' ? total.latest : total.total;
}

/** What stands at the end of each interval in which it changed: everything before it counts. */
async function readLevels(
  executor: Executor,
  meter: Meter,
  query: MeterQuery,
): Promise<MeterPoint[]> {
  const since = startOfDay(new Date(0), query.timeZone);
  const asked = { ...query, from: since, meterId: meter.id };
  const totals = await sumQuantities(executor, { ...asked, ofDays: isOfDays(asked) });
  const standing = new Map<string, bigint>();
  return totals.flatMap((total) => {
    const name = groupName(total);
    const level = (standing.get(name) ?? 0n) + total.total;
    standing.set(name, level);
    const place = placeOf(total, query);
    if (place.ends_at <= query.from) return [];
    return [{ ...place, events: total.events, quantity: formatQuantity(level, meter.unit) }];
  });
}

function placeOf(total: QuantityTotal, query: MeterQuery) {
  const groups: Partial<Groups> = {};
  for (const name of groupNames) if (total[name] !== null) groups[name] = total[name];
  return { starts_at: total.starts_at, ends_at: endOf(total.starts_at, query), groups };
}

function groupName(groups: Partial<Groups>): string {
  return groupNames.map((name) => groups[name] ?? '').join('\n');
}

/** A level carries over from before; of a flow each interval begins at nothing. */
async function sumWeighted(
  executor: Executor,
  meter: Meter,
  query: MeterQuery,
): Promise<MeterPoint[]> {
  const events = await listQuantities(executor, {
    organizationId: query.organizationId,
    meterId: meter.id,
    applicationId: query.applicationId,
    until: query.to,
  });
  const lines = new Map<string, { groups: Partial<Groups>; events: WeighedEvent[] }>();
  for (const event of events) {
    for (const groups of groupsOf(event, query.groups)) {
      const name = groupName(groups);
      const line = lines.get(name) ?? { groups, events: [] };
      line.events.push(event);
      lines.set(name, line);
    }
  }
  const spans = spansOf(query);
  return spans.flatMap((span) =>
    [...lines.values()]
      .map((line) => weigh(line, span, meter))
      .filter((point) => point !== undefined),
  );
}

/** Billionths of whole parts, and a gigabyte's or a currency unit's parts are billionths already. */
const partsPerUnit = { count: 1n, tokens: 1n, gb: 1_000_000_000n, money: 1_000_000_000n } as const;

function weigh(
  { groups, events }: { groups: Partial<Groups>; events: readonly WeighedEvent[] },
  span: { starts_at: Date; ends_at: Date },
  meter: Meter,
): MeterPoint | undefined {
  const before = events.filter(({ occurred_at }) => occurred_at < span.starts_at);
  const inside = events.filter(
    ({ occurred_at }) => occurred_at >= span.starts_at && occurred_at < span.ends_at,
  );
  const standing =
    meter.kind === 'level' ? before.reduce((sum, { quantity }) => sum + quantity, 0n) : 0n;
  if (inside.length === 0 && standing === 0n) return undefined;
  const changes = inside.map(({ occurred_at, quantity }) => ({ at: occurred_at, quantity }));
  const sum = weightedSum(standing, changes, { from: span.starts_at, to: span.ends_at });
  return {
    ...span,
    groups,
    events: BigInt(inside.length),
    quantity: formatQuantity(sum / partsPerUnit[meter.unit], 'gb'),
  };
}

function groupsOf(event: WeighedEvent, names: readonly GroupName[]): Partial<Groups>[] {
  const groups: Partial<Groups> = {};
  const set = (name: GroupName, value: string) => {
    if (names.includes(name) && value !== '') groups[name] = value;
  };
  set('organization', event.organization_id);
  set('api_key', event.api_key_id);
  set('application', event.application_id);
  set('member', event.user_id);
  set('cost_center', event.cost_center_id);
  if (!names.includes('tag') || event.tags.length === 0) return [groups];
  return event.tags.map((tag) => ({ ...groups, tag }));
}

function spansOf(query: MeterQuery): { starts_at: Date; ends_at: Date }[] {
  const { interval, timeZone } = query;
  const spans: { starts_at: Date; ends_at: Date }[] = [];
  let start = query.from;
  if (interval === 'day') start = startOfDay(start, timeZone);
  if (interval === 'month') start = startOfMonth(start, timeZone);
  while (start < query.to) {
    const end = endOf(start, query);
    spans.push({ starts_at: start, ends_at: end });
    start = end;
  }
  return spans;
}
