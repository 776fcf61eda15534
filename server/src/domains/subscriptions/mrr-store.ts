/** SQL of what subscriptions are worth a month, and of how that moved. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { Subscription } from './core/record.ts';
import { fromRow, type SubscriptionRow } from './subscription-rows.ts';

export type MovementKind = 'new' | 'expansion' | 'contraction' | 'churn' | 'reactivation';

export interface MrrMoves {
  starts_at: Date;
  currency: string;
  kind: MovementKind;
  movements: bigint;
  minor: bigint;
}

interface Span {
  from: Date;
  to: Date;
  timeZone: string;
}

/**
 * What was gained and lost in each month of the zone, by kind.
 * @scope deployment: reports add up all customers.
 */
export async function sumMrrMoves(
  executor: Executor,
  { from, to, timeZone }: Span,
): Promise<MrrMoves[]> {
  const { rows } = await sql<MrrMoves>`
    select date_trunc('month', occurred_at, ${timeZone}) as starts_at, currency, kind, count(*) as movements,
      sum(after_minor - before_minor)::bigint as minor
    from subscriptions_mrr_movements
    where occurred_at >= ${from}
      and occurred_at < ${to}
    group by 1, 2, 3
    order by 1, 2, 3
  `.execute(executor);
  return rows;
}

export interface MrrStanding {
  currency: string;
  minor: bigint;
  customers: bigint;
}

/**
 * The MRR just before an instant, and who pays it: what all movements before it come to.
 * @scope deployment: reports add up all customers.
 */
export async function readMrrAt(executor: Executor, at: Date): Promise<MrrStanding[]> {
  const { rows } = await sql<MrrStanding>`
    select currency, sum(after_minor - before_minor)::bigint as minor,
      sum((before_minor = 0)::integer - (after_minor = 0)::integer)::bigint as customers
    from subscriptions_mrr_movements
    where occurred_at < ${at}
    group by currency
    order by currency
  `.execute(executor);
  return rows;
}

export interface CohortMoves {
  cohort: Date;
  starts_at: Date;
  currency: string;
  customers: bigint;
  minor: bigint;
  /** Of them: who paid for the first time. */
  joined: bigint;
  joined_minor: bigint;
}

/**
 * By the month in which customers first paid, and month by month, how many more of them pay and how much more.
 * @scope deployment: reports add up all customers.
 */
export async function sumCohorts(
  executor: Executor,
  { from, to, timeZone }: Span,
): Promise<CohortMoves[]> {
  const { rows } = await sql<CohortMoves>`
    select date_trunc('month', first_at, ${timeZone}) as cohort,
      date_trunc('month', occurred_at, ${timeZone}) as starts_at, currency,
      sum((before_minor = 0)::integer - (after_minor = 0)::integer)::bigint as customers,
      sum(after_minor - before_minor)::bigint as minor,
      count(*) filter (where kind = 'new') as joined,
      coalesce(sum(after_minor) filter (where kind = 'new'), 0)::bigint as joined_minor
    from subscriptions_mrr_movements
    where first_at >= ${from}
      and first_at < ${to}
      and occurred_at < ${to}
    group by 1, 2, 3
    order by 1, 2, 3
  `.execute(executor);
  return rows;
}

export interface MrrMovement {
  organization_id: string;
  subscription_id: string;
  currency: string;
  kind: MovementKind;
  before_minor: bigint;
  after_minor: bigint;
  occurred_at: Date;
}

/**
 * Movements, the latest first.
 * @scope deployment: what the figures of reports are made of.
 */
export async function listMrrMovements(
  executor: Executor,
  asked: {
    from: Date;
    to: Date;
    kind?: MovementKind | undefined;
    currency?: string | undefined;
    before?: { occurredAt: Date; organizationId: string; currency: string } | undefined;
    limit: number;
  },
): Promise<MrrMovement[]> {
  const { from, to, kind, currency, before, limit } = asked;
  const { rows } = await sql<MrrMovement>`
    select organization_id, subscription_id, currency, kind, before_minor, after_minor, occurred_at
    from subscriptions_mrr_movements
    where occurred_at >= ${from}
      and occurred_at < ${to}
      and ${kind === undefined ? sql`true` : sql`kind = ${kind}`}
      and ${currency === undefined ? sql`true` : sql`currency = ${currency}`}
      and ${
        before === undefined
          ? sql`true`
          : sql`(occurred_at, organization_id, currency)
              < (${before.occurredAt}, ${before.organizationId}, ${before.currency})`
      }
    order by occurred_at desc, organization_id desc, currency desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

export interface Renewal {
  organization_id: string;
  subscription_id: string;
  currency: string;
  mrr_minor: bigint;
  renews_at: Date;
  plan: string;
  method_id: string | null;
}

/**
 * What comes next of organizations that pay by the month.
 * @scope deployment: a report warns of any customer.
 */
export async function listRenewals(
  executor: Executor,
  organizationIds: readonly string[],
): Promise<Renewal[]> {
  const { rows } = await sql<Renewal>`
    select organization_id, id as subscription_id, mrr_currency as currency, mrr_minor, period_to as renews_at,
      terms ->> 'planName' as plan, payment_method_id as method_id
    from subscriptions_subscriptions
    where organization_id = any(${[...organizationIds]}::text[])
      and status in ('active', 'past_due')
      and mrr_minor > 0
    order by organization_id
  `.execute(executor);
  return rows;
}

/**
 * How many subscriptions are in which state.
 * @scope deployment: reports count all customers.
 */
export async function countSubscriptions(
  executor: Executor,
): Promise<{ status: string; subscriptions: bigint }[]> {
  const { rows } = await sql<{ status: string; subscriptions: bigint }>`
    select status, count(*) as subscriptions
    from subscriptions_subscriptions
    where status <> 'expired'
    group by status
    order by status
  `.execute(executor);
  return rows;
}

/**
 * Subscriptions whose worth was never counted: they are older than the count.
 * @scope job: of every customer.
 */
export async function listUncounted(executor: Executor, limit: number): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`
    select subscription.*
    from subscriptions_subscriptions as subscription
    where mrr_currency is null
      and status <> 'expired'
    order by id
    limit ${limit}
    for update
  `.execute(executor);
  return rows.map(fromRow);
}

/** @scope row: of subscriptions that are locked. */
export async function saveWorth(
  executor: Executor,
  worth: readonly { id: string; minor: bigint; currency: string }[],
): Promise<void> {
  await sql`
    update subscriptions_subscriptions as subscription
    set mrr_minor = n.minor, mrr_currency = n.currency
    from unnest(
      ${worth.map(({ id }) => id)}::text[],
      ${worth.map(({ minor }) => String(minor))}::bigint[],
      ${worth.map(({ currency }) => currency)}::text[]
    ) as n (id, minor, currency)
    where subscription.id = n.id
  `.execute(executor);
}

/**
 * Organizations whose movements do not come to what their subscriptions are worth; there are none.
 * @scope job: proves the books of all customers.
 */
export async function findUnprovenMrr(
  executor: Executor,
): Promise<{ organization_id: string; currency: string }[]> {
  const { rows } = await sql<{ organization_id: string; currency: string }>`
    with worth as (
      select organization_id, mrr_currency as currency, sum(mrr_minor) as minor
      from subscriptions_subscriptions
      where status <> 'expired'
        and mrr_minor > 0
      group by organization_id, mrr_currency
    ),
    moved as (
      select organization_id, currency, sum(after_minor - before_minor) as minor
      from subscriptions_mrr_movements
      group by organization_id, currency
    )
    select organization_id, currency
    from worth
    full join moved using (organization_id, currency)
    where coalesce(worth.minor, 0) <> coalesce(moved.minor, 0)
    order by organization_id, currency
    limit 100
  `.execute(executor);
  return rows;
}
