/**
 * What must agree with what. Each check is one query that answers only disagreements: PostgreSQL sorts and sums within
 * its own memory bound, and nothing grows here with the ledger.
 */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';
import { type Check, check } from './verify-check-store.ts';
import { keptSince, quotaChecks } from './verify-quotas-store.ts';

/**
 * All checks of the ledger, and of the counters and sums that go with it.
 * @scope deployment: a proof looks at every customer’s rows.
 */
export const checks: readonly Check[] = [
  check(
    'The balance of a bucket differs from its transfers',
    (limit) => sql`
      with lines as (
        select organization_id, credit as account, currency, amount
        from ledger_transfers
        where credit = 'wallet' or credit like 'grant:%' or credit like 'allowance:%'
        union all
        select organization_id, debit, currency, -amount
        from ledger_transfers
        where debit = 'wallet' or debit like 'grant:%' or debit like 'allowance:%'
      ),
      balances as (
        select organization_id, account, currency, sum(amount) as balance
        from lines
        group by organization_id, account, currency
      )
      select coalesce(b.organization_id, r.organization_id) as organization_id,
        coalesce(b.id, r.account) as subject,
        coalesce((b.available + b.held)::text, 'none') as recorded,
        coalesce(r.balance, 0)::text as replayed
      from ledger_buckets b
      full join balances r
        on r.organization_id = b.organization_id and r.account = b.account and r.currency = b.currency
      where b.id is null or b.available + b.held <> coalesce(r.balance, 0)
      limit ${limit}
    `,
  ),
  check(
    'What a bucket holds differs from the open holds',
    (limit) => sql`
      with parts as (
        select h.organization_id, p.bucket_id, sum(p.amount) as amount
        from access_holds h
        cross join lateral unnest(h.bucket_ids, h.amounts) as p (bucket_id, amount)
        group by h.organization_id, p.bucket_id
      )
      select coalesce(b.organization_id, p.organization_id) as organization_id,
        coalesce(b.id, p.bucket_id) as subject,
        coalesce(b.held::text, 'none') as recorded,
        coalesce(p.amount, 0)::text as replayed
      from ledger_buckets b
      full join parts p on p.organization_id = b.organization_id and p.bucket_id = b.id
      where b.id is null or b.held <> coalesce(p.amount, 0)
      limit ${limit}
    `,
  ),
  check(
    'The shortfall owed differs from its transfers',
    (limit) => sql`
      with lines as (
        select organization_id, currency, case when debit = 'receivable' then amount else -amount end as amount
        from ledger_transfers
        where kind = 'shortfall'
          and 'receivable' in (debit, credit)
      ),
      balances as (
        select organization_id, currency, sum(amount) as owed
        from lines
        group by organization_id, currency
      )
      select coalesce(o.organization_id, r.organization_id) as organization_id,
        'shortfall' as subject,
        coalesce(o.shortfall::text, 'none') as recorded,
        coalesce(r.owed, 0)::text as replayed
      from ledger_organizations o
      full join balances r on r.organization_id = o.organization_id and r.currency = o.currency
      where o.organization_id is null or o.shortfall <> coalesce(r.owed, 0)
      limit ${limit}
    `,
  ),
  check(
    'What a receipt says was paid differs from the transfers of its call',
    (limit) => sql`
      with receipts as (
        select u.request_id, u.organization_id, p.account, p.amount
        from metering_usage u
        cross join lateral (
          select case left(part.bucket_id, 3)
              when 'wal' then 'wallet'
              when 'grt' then 'grant:' || part.bucket_id
              else 'allowance:' || part.bucket_id
            end as account,
            part.amount
          from unnest(u.bucket_ids, u.amounts) as part (bucket_id, amount)
          union all
          select 'receivable', u.shortfall
          where u.shortfall > 0
        ) p
      ),
      paid as (
        select reference, organization_id, debit, sum(amount) as amount
        from ledger_transfers
        where (kind = 'usage' or (kind = 'shortfall' and debit = 'receivable'))
          and reference collate "C" >= ${storedFunction('metering_id_at')}('req', ${keptSince})
        group by reference, organization_id, debit
      )
      select coalesce(r.organization_id, p.organization_id) as organization_id,
        coalesce(r.request_id, p.reference) || ' ' || coalesce(r.account, p.debit) as subject,
        coalesce(r.amount::text, 'none') as recorded,
        coalesce(p.amount::text, 'none') as replayed
      from receipts r
      full join paid p
        on p.reference = r.request_id and p.organization_id = r.organization_id and p.debit = r.account
      where r.amount is distinct from p.amount
      limit ${limit}
    `,
  ),
  check(
    'The cost on a receipt differs from what was paid and what is owed for it',
    (limit) => sql`
      select organization_id, request_id as subject, amount::text as recorded,
        (shortfall + (select coalesce(sum(part), 0) from unnest(amounts) as part))::text as replayed
      from metering_usage
      where amount <> shortfall + (select coalesce(sum(part), 0) from unnest(amounts) as part)
      limit ${limit}
    `,
  ),
  check(
    'An amount is negative',
    (limit) => sql`
      select organization_id, id as subject, least(available, held)::text as recorded, '0' as replayed
      from ledger_buckets
      where available < 0 or held < 0
      union all
      select organization_id, id, amount::text, '0'
      from ledger_transfers
      where amount <= 0
      limit ${limit}
    `,
  ),
  ...quotaChecks,
];

export interface Extent {
  organizations: number;
  transfers: number;
  receipts: number;
  holds: number;
}

/** @scope deployment: a proof looks at every customer’s rows. */
export async function countLedger(executor: Executor): Promise<Extent> {
  const { rows } = await sql<Record<keyof Extent, bigint>>`
    select (select count(*) from ledger_organizations) as organizations,
      (select count(*) from ledger_transfers) as transfers,
      (select count(*) from metering_usage) as receipts,
      (select count(*) from access_holds) as holds
  `.execute(executor);
  const row = rows[0];
  return {
    organizations: Number(row?.organizations ?? 0),
    transfers: Number(row?.transfers ?? 0),
    receipts: Number(row?.receipts ?? 0),
    holds: Number(row?.holds ?? 0),
  };
}

/** Everything is read as of one moment, while calls go on. */
export async function atOneMoment<T>(
  database: Executor,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(work);
}
