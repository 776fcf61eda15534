/** SQL of what is owed past its day, and of who has paid late before, over all customers. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

const dueMinor = sql`total_minor - credited_due_minor - credit_applied_minor`;

export interface Aged {
  currency: string;
  /** From so many days past due on. */
  days: number;
  invoices: bigint;
  customers: bigint;
  minor: bigint;
}

/**
 * What is open past its day, by how long.
 * @scope deployment: reports add up all customers.
 */
export async function sumOverdue(
  executor: Executor,
  { now, steps }: { now: Date; steps: readonly number[] },
): Promise<Aged[]> {
  const { rows } = await sql<Aged>`
    select currency, days, count(*) as invoices, count(distinct organization_id) as customers,
      sum(minor)::bigint as minor
    from (
      select currency, organization_id, ${dueMinor} as minor, (
          select max(step)
          from unnest(${[...steps]}::integer[]) as step
          where due_at <= ${now}::timestamptz - make_interval(days => step)
        ) as days
      from invoicing_invoices
      where status = 'open'
        and due_at <= ${now}
    ) as overdue
    where minor > 0
    group by currency, days
    order by currency, days
  `.execute(executor);
  return rows;
}

export interface Debtor {
  organization_id: string;
  currency: string;
  invoices: bigint;
  minor: bigint;
  oldest_due_at: Date;
}

/**
 * Who owes past the day, the most first.
 * @scope deployment: reports list all customers.
 */
export async function listDebtors(
  executor: Executor,
  { now, limit }: { now: Date; limit: number },
): Promise<Debtor[]> {
  const { rows } = await sql<Debtor>`
    select organization_id, currency, count(*) as invoices, sum(${dueMinor})::bigint as minor,
      min(due_at) as oldest_due_at
    from invoicing_invoices
    where status = 'open'
      and due_at <= ${now}
    group by organization_id, currency
    having sum(${dueMinor}) > 0
    order by minor desc, organization_id, currency
    limit ${limit}
  `.execute(executor);
  return rows;
}

export interface LatePayer {
  organization_id: string;
  /** Invoices that were overdue, paid by now or not. */
  late: bigint;
  given_up: bigint;
}

/**
 * Whose invoices fell overdue since an instant, and how often: twice, or given up even once.
 * @scope deployment: a report warns of any customer.
 */
export async function listLatePayers(
  executor: Executor,
  { since, limit }: { since: Date; limit: number },
): Promise<LatePayer[]> {
  const { rows } = await sql<LatePayer>`
    select organization_id, count(*) as late, count(*) filter (where status = 'uncollectible') as given_up
    from invoicing_invoices
    where overdue_at >= ${since}
    group by organization_id
    having count(*) > 1 or count(*) filter (where status = 'uncollectible') > 0
    order by late desc, organization_id
    limit ${limit}
  `.execute(executor);
  return rows;
}

export interface OpenSum {
  organization_id: string;
  currency: string;
  invoices: bigint;
  minor: bigint;
}

/**
 * What organizations owe in open invoices, due or not.
 * @scope deployment: a report warns of any customer.
 */
export async function sumOpenOf(
  executor: Executor,
  organizationIds: readonly string[],
): Promise<OpenSum[]> {
  const { rows } = await sql<OpenSum>`
    select organization_id, currency, count(*) as invoices, sum(${dueMinor})::bigint as minor
    from invoicing_invoices
    where organization_id = any(${[...organizationIds]}::text[])
      and status = 'open'
    group by organization_id, currency
    having sum(${dueMinor}) > 0
    order by organization_id, currency
  `.execute(executor);
  return rows;
}
