/** SQL that puts the tables of several domains side by side; each is asked for at its own door. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { revenueOfCustomers } from '../ledger/index.ts';
import { type CustomerMargin, marginsOfCustomers } from '../metering/index.ts';

/** Amounts are nano-units of the currency. */
export interface RankedCustomer extends CustomerMargin {
  revenue: bigint;
  /** Of all customers in that currency. */
  total: Omit<RankedCustomer, 'organization_id' | 'currency' | 'total'> & { customers: bigint };
}

interface CustomersQuery {
  from: Date;
  to: Date;
  order: 'most' | 'least_margin';
  /** In each currency. */
  limit: number;
}

type Sums = Record<`all_${keyof RankedCustomer['total']}`, string>;

/**
 * The first customers of each currency, by what was earned of them or by what was left of it, and the sums of all. Who
 * called nothing may have paid all the same, and who paid nothing may have called.
 * @scope deployment: reports compare all customers.
 */
export async function listCustomerMargins(
  executor: Executor,
  { from, to, order, limit }: CustomersQuery,
): Promise<RankedCustomer[]> {
  const revenues = await revenueOfCustomers(executor, { from, to });
  const margins = await marginsOfCustomers(executor, { from, to });
  const rank = order === 'most' ? sql`revenue desc` : sql`revenue - cost`;
  const { rows } = await sql<Omit<RankedCustomer, 'total'> & Sums>`
    with customers as materialized (
      select organization_id, currency, coalesce(revenues.amount, 0) as revenue, coalesce(calls, 0) as calls,
        coalesce(margins.amount, 0) as amount, coalesce(cost, 0) as cost,
        coalesce(uncosted_calls, 0) as uncosted_calls, coalesce(uncosted_amount, 0) as uncosted_amount
      from ${revenues} as revenues
      full join ${margins} as margins using (organization_id, currency)
    ),
    sums as (
      select currency, count(*)::text as all_customers, sum(revenue)::text as all_revenue,
        sum(calls)::text as all_calls, sum(amount)::text as all_amount, sum(cost)::text as all_cost,
        sum(uncosted_calls)::text as all_uncosted_calls, sum(uncosted_amount)::text as all_uncosted_amount
      from customers
      group by currency
    )
    select all_customers, all_revenue, all_calls, all_amount, all_cost, all_uncosted_calls, all_uncosted_amount,
      first.*
    from sums
    cross join lateral (
      select *
      from customers
      where currency = sums.currency
      order by ${rank}, organization_id
      limit ${limit}
    ) as first
    order by sums.currency, ${rank}, organization_id
  `.execute(executor);
  return rows.map((row) => ({ ...row, total: totalOf(row) }));
}

function totalOf(row: Sums): RankedCustomer['total'] {
  return {
    customers: BigInt(row.all_customers),
    revenue: BigInt(row.all_revenue),
    calls: BigInt(row.all_calls),
    amount: BigInt(row.all_amount),
    cost: BigInt(row.all_cost),
    uncosted_calls: BigInt(row.all_uncosted_calls),
    uncosted_amount: BigInt(row.all_uncosted_amount),
  };
}
