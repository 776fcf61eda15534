/** SQL of sums: hours and days that are kept in step with what they sum. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export const groupNames = [
  'organization',
  'model',
  'api_key',
  'application',
  'tag',
  'member',
  'cost_center',
] as const;
export type GroupName = (typeof groupNames)[number];

export interface SumsQuery {
  /** All organizations where undefined. */
  organizationId: string | undefined;
  applicationId?: string | undefined;
  model?: string | undefined;
  apiKeyId?: string | undefined;
  /** `none`: of no member, or of no cost center. */
  userId?: string | undefined;
  costCenterId?: string | undefined;
  from: Date;
  to: Date;
  interval: 'hour' | 'day' | 'month' | 'all';
  timeZone: string;
  groups: readonly GroupName[];
  /** From the sums of days: `from` and `to` are midnights of the zone. */
  ofDays: boolean;
}

/** What a line of sums is of; null where it is not split so, or there is none. */
export type Groups = Record<GroupName, string | null>;

export interface UsageTotal extends Groups {
  starts_at: Date;
  currency: string;
  calls: bigint;
  completed: bigint;
  input_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  output_tokens: bigint;
  reasoning_tokens: bigint;
  amount: bigint;
  latency_ms: bigint;
  latency_calls: bigint;
  first_token_ms: bigint;
  first_token_calls: bigint;
}

/** Sums of calls per interval of the zone; calls belong to the interval in which they began. */
export async function sumCalls(executor: Executor, query: SumsQuery): Promise<UsageTotal[]> {
  const table = sql.table(query.ofDays ? 'metering_calls_daily' : 'metering_calls_hourly');
  const { rows } = await sql<UsageTotal>`
    select ${bucketOf(query)} as starts_at,
      ${groupColumns(query, columnsOfCalls)},
      s.currency,
      sum(s.calls)::bigint as calls,
      sum(s.calls - s.aborted - s.failed)::bigint as completed,
      sum(s.input_tokens)::bigint as input_tokens,
      sum(s.cached_input_tokens)::bigint as cached_input_tokens,
      sum(s.cache_write_tokens)::bigint as cache_write_tokens,
      sum(s.output_tokens)::bigint as output_tokens,
      sum(s.reasoning_tokens)::bigint as reasoning_tokens,
      sum(s.amount)::bigint as amount,
      sum(s.latency_ms)::bigint as latency_ms,
      sum(s.latency_calls)::bigint as latency_calls,
      sum(s.first_token_ms)::bigint as first_token_ms,
      sum(s.first_token_calls)::bigint as first_token_calls
    from ${table} as s ${joinsOf(query)}
    where ${within(query)}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9
  `.execute(executor);
  return rows;
}

export interface QuantityTotal extends Groups {
  starts_at: Date;
  events: bigint;
  total: bigint;
  maximum: bigint;
  latest: bigint;
}

/** What was used of a meter per interval of the zone. */
export async function sumQuantities(
  executor: Executor,
  query: SumsQuery & { meterId: string },
): Promise<QuantityTotal[]> {
  const table = query.ofDays ? 'metering_quantities_daily' : 'metering_quantities_hourly';
  const { rows } = await sql<QuantityTotal>`
    select ${bucketOf(query)} as starts_at,
      ${groupColumns(query, columnsOfQuantities)},
      sum(s.events)::bigint as events,
      sum(s.total)::bigint as total,
      max(s.maximum) as maximum,
      (array_agg(s.latest order by s.latest_at desc))[1] as latest
    from ${sql.table(table)} as s ${joinsOf(query)}
    where s.meter_id = ${query.meterId}
      and ${within(query)}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
  `.execute(executor);
  return rows;
}

/** What every call of a model moves, and by how much. */
const movedByCalls: Readonly<Record<string, RawBuilder<unknown>>> = {
  mtr_requests: sql`s.calls`,
  mtr_tokens: sql`s.input_tokens + s.output_tokens`,
  mtr_cost: sql`s.amount`,
};

export const isMovedByCalls = (meterId: string): boolean => meterId in movedByCalls;

/** The same of a meter that calls of models move, from the sums of calls. */
export async function sumMovedByCalls(
  executor: Executor,
  query: SumsQuery & { meterId: string },
): Promise<QuantityTotal[]> {
  const table = sql.table(query.ofDays ? 'metering_calls_daily' : 'metering_calls_hourly');
  const total = sql`sum(${movedByCalls[query.meterId]})::bigint`;
  const { rows } = await sql<QuantityTotal>`
    select ${bucketOf(query)} as starts_at,
      ${groupColumns(query, columnsOfQuantities)},
      sum(s.calls)::bigint as events,
      ${total} as total,
      ${total} as maximum,
      ${total} as latest
    from ${table} as s ${joinsOf(query)}
    where s.model <> ''
      and ${within(query)}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
  `.execute(executor);
  return rows;
}

/**
 * How many distinct values a meter saw: by day from what is kept of each day, otherwise from the events.
 * @scope row: a part of queries that name the organization.
 */
export async function countValues(
  executor: Executor,
  query: SumsQuery & { meterId: string },
): Promise<QuantityTotal[]> {
  const isKept = query.ofDays && query.groups.length === 0 && query.applicationId === undefined;
  const source = isKept
    ? sql`
      (
        select v.organization_id, v.starts_at, v.value, v.events, '' as application_id, '' as api_key_id,
          '' as user_id, '' as cost_center_id, '' as tags
        from metering_unique_values v
        where v.meter_id = ${query.meterId}
      )`
    : sql`
      (
        select e.organization_id, e.occurred_at as starts_at, e.value, 1 as events, e.application_id,
          coalesce(e.api_key_id, '') as api_key_id, coalesce(e.user_id, '') as user_id,
          coalesce(e.cost_center_id, '') as cost_center_id, array_to_string(e.tags, ',') as tags
        from metering_events e
        where e.meter_id = ${query.meterId}
          and e.superseded_by is null
      )`;
  const read = { ...query, ofDays: isKept };
  const { rows } = await sql<QuantityTotal>`
    select ${bucketOf(read)} as starts_at,
      ${groupColumns(read, columnsOfQuantities)},
      sum(s.events)::bigint as events,
      count(distinct s.value)::bigint as total,
      count(distinct s.value)::bigint as maximum,
      count(distinct s.value)::bigint as latest
    from ${source} as s ${joinsOf(read)}
    where ${within(read)}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
  `.execute(executor);
  return rows;
}

const columnsOfQuantities: Partial<Record<GroupName, string>> = {
  organization: 's.organization_id',
  api_key: 's.api_key_id',
  application: 's.application_id',
  tag: 'tag.name',
  member: 's.user_id',
  cost_center: 's.cost_center_id',
};
const columnsOfCalls = { ...columnsOfQuantities, model: 's.model' };

/** Every group has its column, so that all queries read alike. */
function groupColumns(
  { groups }: SumsQuery,
  columns: Partial<Record<GroupName, string>>,
): RawBuilder<unknown> {
  return sql.join(
    groupNames.map((name) => {
      const column = groups.includes(name) ? columns[name] : undefined;
      const value = column === undefined ? sql`null::text` : sql`nullif(${sql.ref(column)}, '')`;
      return sql`${value} as ${sql.ref(name)}`;
    }),
  );
}

/**
 * A day is known by its noon: it has the same date there in a zone that the organization left, and over all
 * organizations each one's day counts for its date.
 */
const noon = sql`s.starts_at + interval '12 hours'`;

function bucketOf({ interval, from, timeZone, ofDays, organizationId }: SumsQuery) {
  if (interval === 'all') return sql`${from}::timestamptz`;
  const at = ofDays ? noon : sql`s.starts_at`;
  if (ofDays && organizationId === undefined) {
    return sql`date_trunc(${sql.lit(interval)}, (${noon}) at time zone f.time_zone) at time zone ${timeZone}`;
  }
  return sql`date_trunc(${sql.lit(interval)}, ${at}, ${timeZone})`;
}

function joinsOf({ groups, ofDays, organizationId }: SumsQuery) {
  const zones =
    ofDays && organizationId === undefined
      ? sql`join ledger_organizations f on f.organization_id = s.organization_id`
      : sql``;
  const tags = groups.includes('tag')
    ? sql`cross join lateral unnest(coalesce(nullif(string_to_array(s.tags, ','), '{}'), array[''])) as tag (name)`
    : sql``;
  return sql`${zones} ${tags}`;
}

function filtersOf(query: SumsQuery): [string, string][] {
  const wanted: [string, string | undefined][] = [
    ['s.application_id', query.applicationId],
    ['s.model', query.model],
    ['s.api_key_id', query.apiKeyId],
    ['s.user_id', query.userId],
    ['s.cost_center_id', query.costCenterId],
  ];
  return wanted.filter((one): one is [string, string] => one[1] !== undefined);
}

function within(query: SumsQuery) {
  const { organizationId, from, to, timeZone, ofDays } = query;
  const conditions = [sql`true`];
  for (const [column, wanted] of filtersOf(query)) {
    conditions.push(sql`${sql.ref(column)} = ${wanted === 'none' ? '' : wanted}`);
  }
  if (organizationId !== undefined) conditions.push(sql`s.organization_id = ${organizationId}`);
  if (!ofDays) {
    conditions.push(sql`s.starts_at >= date_trunc('hour', ${from}::timestamptz, ${timeZone})`);
    conditions.push(sql`s.starts_at < ${to}`);
  } else if (organizationId !== undefined) {
    conditions.push(sql`s.starts_at >= ${from}::timestamptz - interval '12 hours'`);
    conditions.push(sql`s.starts_at < ${to}::timestamptz - interval '12 hours'`);
  } else {
    const local = sql`(${noon}) at time zone f.time_zone`;
    // No two zones are further apart, so that the index serves.
    conditions.push(sql`s.starts_at >= ${from}::timestamptz - interval '38 hours'`);
    conditions.push(sql`s.starts_at < ${to}::timestamptz + interval '38 hours'`);
    conditions.push(sql`${local} >= ${from}::timestamptz at time zone ${timeZone}`);
    conditions.push(sql`${local} < ${to}::timestamptz at time zone ${timeZone}`);
  }
  return sql.join(conditions, sql` and `);
}
