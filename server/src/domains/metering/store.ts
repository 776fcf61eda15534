/** SQL of metering: usage rows are written by access in the transaction that settles, and only read here. */
import { type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';

type MeteringTables = {
  metering_usage: {
    request_id: string;
    organization_id: string;
    api_key_id: string | null;
    application_id: string | null;
    user_id: string | null;
    cost_center_id: string | null;
    tags: string[];
    model: string | null;
    price_id: string | null;
    meter_ids: string[] | null;
    quantities: bigint[] | null;
    channel_id: string | null;
    outcome: 'completed' | 'aborted' | 'upstream_error';
    input_tokens: bigint;
    cached_input_tokens: bigint;
    cache_write_tokens: bigint;
    output_tokens: bigint;
    reasoning_tokens: bigint;
    estimated: boolean;
    amount: bigint;
    currency: string;
    bucket_ids: string[];
    amounts: bigint[];
    shortfall: bigint;
    late: boolean;
    authorized_at: Date;
    settled_at: Date;
    recorded_at: Date;
    latency_ms: number | null;
    first_token_ms: number | null;
    details: unknown;
  };
};

export type UsageRow = Selectable<MeteringTables['metering_usage']>;

const columns = [
  'request_id',
  'organization_id',
  'api_key_id',
  'application_id',
  'user_id',
  'cost_center_id',
  'tags',
  'model',
  'price_id',
  'meter_ids',
  'quantities',
  'channel_id',
  'outcome',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'estimated',
  'amount',
  'currency',
  'bucket_ids',
  'amounts',
  'shortfall',
  'late',
  'authorized_at',
  'settled_at',
  'recorded_at',
  'latency_ms',
  'first_token_ms',
  'details',
] as const;

const tables = (executor: Executor) => executor.withTables<MeteringTables>();

export const usageTable = { name: 'metering_usage', column: 'request_id', idPrefix: 'req' };
export const eventsTable = { name: 'metering_events', column: 'occurred_at' };

export interface UsageFilter {
  organizationId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  model?: string | undefined;
  apiKeyId?: string | undefined;
  /** `none`: of no member. */
  userId?: string | undefined;
  /** `none`: unassigned. */
  costCenterId?: string | undefined;
  outcome?: UsageRow['outcome'] | undefined;
  amountMin?: bigint | undefined;
  tag?: string | undefined;
  requestId?: string | undefined;
  /** Only what is older than this request. */
  before?: string | undefined;
  /** Nothing that is older than this one. */
  downTo?: string | undefined;
  limit: number;
}

/**
 * Usage rows, newest first. Time is read off the id, so only the partitions asked for are looked at.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listUsage(executor: Executor, filter: UsageFilter): Promise<UsageRow[]> {
  let query = tables(executor)
    .selectFrom('metering_usage')
    .select(columns)
    .orderBy('request_id', 'desc')
    .limit(filter.limit);
  if (filter.organizationId) query = query.where('organization_id', '=', filter.organizationId);
  if (filter.from) query = query.where('request_id', '>=', idAt('req', filter.from));
  if (filter.to) query = query.where('request_id', '<', idAt('req', filter.to));
  if (filter.model) query = query.where('model', '=', filter.model);
  if (filter.apiKeyId) query = query.where('api_key_id', '=', filter.apiKeyId);
  if (filter.userId === 'none') query = query.where('user_id', 'is', null);
  else if (filter.userId) query = query.where('user_id', '=', filter.userId);
  if (filter.costCenterId === 'none') query = query.where('cost_center_id', 'is', null);
  else if (filter.costCenterId) query = query.where('cost_center_id', '=', filter.costCenterId);
  if (filter.outcome) query = query.where('outcome', '=', filter.outcome);
  if (filter.amountMin) query = query.where('amount', '>=', filter.amountMin);
  if (filter.requestId) query = query.where('request_id', '=', filter.requestId);
  if (filter.tag) query = query.where('tags', '@>', sql<string[]>`array[${filter.tag}]::text[]`);
  if (filter.before) query = query.where('request_id', '<', filter.before);
  if (filter.downTo) query = query.where('request_id', '>=', filter.downTo);
  return query.execute();
}

/**
 * The request that is so many places further down the list, whatever else is asked for; undefined behind its end.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function findUsageAhead(
  executor: Executor,
  { organizationId, from, to, before }: UsageFilter,
  places: number,
): Promise<string | undefined> {
  let query = tables(executor)
    .selectFrom('metering_usage')
    .select('request_id')
    .orderBy('request_id', 'desc')
    .offset(places)
    .limit(1);
  if (organizationId) query = query.where('organization_id', '=', organizationId);
  if (from) query = query.where('request_id', '>=', idAt('req', from));
  if (to) query = query.where('request_id', '<', idAt('req', to));
  if (before) query = query.where('request_id', '<', before);
  return (await query.executeTakeFirst())?.request_id;
}

/** @scope caller: findReceipt compares whose it is. */
export async function findUsage(
  executor: Executor,
  requestId: string,
): Promise<UsageRow | undefined> {
  return tables(executor)
    .selectFrom('metering_usage')
    .select(columns)
    .where('request_id', '=', requestId)
    .executeTakeFirst();
}
