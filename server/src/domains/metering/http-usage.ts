import type { QueryOf } from '@sluice/contract/endpoint';
import * as endpoints from '@sluice/contract/metering';
import type { Context } from '../../platform/context.ts';
import { notFound, Refusal } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { sendFile } from '../../platform/http/files.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatMoney } from '../../platform/money.ts';
import { startOfDay, startOfNextDay } from '../../platform/time.ts';
import { type Meter, type MeterBook, meterUnknown } from '../catalog/index.ts';
import { findNames, findOrganization } from '../identity/index.ts';
import { type MeterPoint, sumMeterUsage } from './operations/sum-meter-usage.ts';
import { sumUsage, type UsagePoint } from './operations/sum-usage.ts';
import { type GroupName, type Groups, groupNames, type SumsQuery } from './rollups-store.ts';
import { usageFile } from './usage-file.ts';

const daysShown = 30;
const daysMax = 400;
const hourDaysMax = 62;
const dayMs = 86_400_000;

/** Serves sums of usage: an organization's own, and those of all. */
export function serveUsage(routes: Routes, meters: MeterBook): void {
  routes.serve(endpoints.getUsage, async ({ context, caller, organizationId, query, reply }) => {
    requireSplitAllowed(caller, query);
    const zone = await zoneOf(context, organizationId);
    const asked = { ...read(context, query, zone), ...filtersOf(query), organizationId };
    const points = await sumUsage(context.database, asked);
    const names = await findNames(context.database, { organizationId, ids: idsOf(points) });
    if (query.format === 'csv') await sendFile(reply, usageFile(points, asked, names));
    return {
      data: points.map(presentUsage),
      names: Object.fromEntries(names),
      next_cursor: null,
    };
  });
  routes.serve(endpoints.searchUsage, async ({ context, query }) => {
    const zone = await zoneOf(context, query.organization);
    const asked = { ...read(context, query, zone), organizationId: query.organization };
    const points = await sumUsage(context.database, asked);
    return { data: points.map(presentUsage), next_cursor: null };
  });
  routes.serve(endpoints.getMeterUsage, async ({ context, caller, organizationId, query }) => {
    requireSplitAllowed(caller, query);
    const meter = requireMeter(meters, query);
    const zone = await zoneOf(context, organizationId);
    const asked = { ...read(context, query, zone), organizationId };
    const points = await sumMeterUsage(context.database, meter, asked);
    return { data: points.map((point) => presentMeter(point, meter)), next_cursor: null };
  });
  routes.serve(endpoints.searchMeterUsage, async ({ context, query }) => {
    const meter = requireMeter(meters, query);
    const zone = await zoneOf(context, query.organization);
    const asked = { ...read(context, query, zone), organizationId: query.organization };
    const points = await sumMeterUsage(context.database, meter, asked);
    return { data: points.map((point) => presentMeter(point, meter)), next_cursor: null };
  });
}

/** The organization's zone; the deployment's over all of them. */
async function zoneOf(context: Context, organizationId: string | undefined): Promise<string> {
  if (organizationId === undefined) return context.config.timeZone;
  const organization = await findOrganization(context.database, organizationId);
  if (!organization) throw notFound('organization');
  return organization.timeZone;
}

function requireMeter(
  meters: MeterBook,
  query: { meter: string; application?: string | undefined },
): Meter {
  const meter = meters.resolve(query.application ?? null, query.meter);
  if (!meter) throw meterUnknown(query.meter, 'meter');
  return meter;
}

/** Who else used how much is for who may know: a key, too, may be held by one member. */
export function requireSplitAllowed(
  caller: Caller,
  query: {
    group_by?: string | undefined;
    member?: string | undefined;
    cost_center?: string | undefined;
  },
): void {
  const groups = query.group_by?.split(',') ?? [];
  const others = (['member', 'cost_center'] as const).find(
    (name) => groups.includes(name) || query[name] !== undefined,
  );
  if (others === undefined) return;
  if (caller.kind === 'user' && caller.permissions.includes('usage.read_members')) return;
  throw new Refusal(
    'forbidden',
    'Ask somebody whose role shows the usage of members: yours shows that of all together.',
    { param: groups.includes(others) ? 'group_by' : others },
  );
}

function filtersOf(query: QueryOf<typeof endpoints.getUsage>) {
  const { model, api_key: apiKeyId, member: userId, cost_center: costCenterId } = query;
  return { model, apiKeyId, userId, costCenterId };
}

/** What has a name: not models and tags, which are theirs. */
function idsOf(points: readonly UsagePoint[]): string[] {
  const named = ['api_key', 'application', 'member', 'cost_center'] as const;
  return [...new Set(points.flatMap((point) => named.flatMap((name) => point[name] ?? [])))];
}

interface UsageQuery {
  from?: string | undefined;
  to?: string | undefined;
  interval: SumsQuery['interval'];
  application?: string | undefined;
  group_by?: string | undefined;
}

/** The last 30 days of the zone, today included, unless another period is named. */
function read(context: Context, query: UsageQuery, timeZone: string) {
  const { interval } = query;
  const now = context.clocks.business();
  const to = query.to === undefined ? startOfNextDay(now, timeZone) : new Date(query.to);
  const from =
    query.from === undefined
      ? startOfDay(new Date(to.getTime() - daysShown * dayMs), timeZone)
      : new Date(query.from);
  const max = interval === 'hour' ? hourDaysMax : daysMax;
  if (from >= to || to.getTime() - from.getTime() > max * dayMs) {
    throw new Refusal('rule_violated', `Ask for a period of at most ${max} days.`, {
      param: 'from',
    });
  }
  const groups = (query.group_by?.split(',') ?? []) as GroupName[];
  return { from, to, interval, timeZone, groups, applicationId: query.application };
}

function presentGroups(groups: Partial<Groups>): Record<string, string> {
  return Object.fromEntries(
    groupNames.flatMap((name) => {
      const value = groups[name];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

function presentUsage(point: UsagePoint) {
  return {
    from: point.starts_at.toISOString(),
    to: point.ends_at.toISOString(),
    group: presentGroups(point),
    calls: Number(point.calls),
    input_tokens: Number(point.input_tokens),
    cached_input_tokens: Number(point.cached_input_tokens),
    cache_write_tokens: Number(point.cache_write_tokens),
    output_tokens: Number(point.output_tokens),
    reasoning_tokens: Number(point.reasoning_tokens),
    amount: formatMoney({ amount: point.amount, currency: point.currency }),
    currency: point.currency,
    success_rate: share(point.completed, point.calls),
    latency_ms: mean(point.latency_ms, point.latency_calls),
    first_token_ms: mean(point.first_token_ms, point.first_token_calls),
  };
}

const shareDecimals = 10_000;

function share(part: bigint, whole: bigint): number | null {
  if (whole === 0n) return null;
  return Math.round((Number(part) / Number(whole)) * shareDecimals) / shareDecimals;
}

function mean(sum: bigint, count: bigint): number | null {
  return count === 0n ? null : Math.round((Number(sum) / Number(count)) * 10) / 10;
}

function presentMeter(point: MeterPoint, meter: Meter) {
  return {
    from: point.starts_at.toISOString(),
    to: point.ends_at.toISOString(),
    group: presentGroups(point.groups),
    meter: meter.reference,
    unit: meter.unit,
    aggregation: meter.aggregation,
    events: Number(point.events),
    quantity: point.quantity,
  };
}
