/** SQL about who is to be looked at, and about what only this domain counts. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface Pending {
  id: string;
  organizationId: string;
  /** Whether those who share something with it are looked at, too. */
  spreads: boolean;
}

export async function insertPending(
  executor: Executor,
  pending: readonly Pending[],
): Promise<void> {
  if (pending.length === 0) return;
  await sql`
    insert into risk_pending (id, organization_id, spreads)
    select id, organization_id, spreads
    from unnest(
      ${pending.map(({ id }) => id)}::text[],
      ${pending.map(({ organizationId }) => organizationId)}::text[],
      ${pending.map(({ spreads }) => spreads)}::boolean[]
    ) as pending (id, organization_id, spreads)
  `.execute(executor);
}

/**
 * Organizations that wait, the longest waiting first.
 * @scope job: whatever is to be scored, of every customer.
 */
export async function listPending(executor: Executor, limit: number): Promise<string[]> {
  const { rows } = await sql<{ organizationId: string }>`
    select organization_id as "organizationId"
    from risk_pending
    group by organization_id
    order by min(id)
    limit ${limit}
  `.execute(executor);
  return rows.map(({ organizationId }) => organizationId);
}

/** Takes what waits for an organization; what comes meanwhile waits on. Answers undefined where nothing did. */
export async function takePending(
  transaction: Transaction,
  organizationId: string,
): Promise<{ spreads: boolean } | undefined> {
  const { rows } = await sql<{ spreads: boolean }>`
    delete from risk_pending
    where organization_id = ${organizationId}
    returning spreads
  `.execute(transaction);
  return rows.length === 0 ? undefined : { spreads: rows.some(({ spreads }) => spreads) };
}

export async function countSignInFailure(
  transaction: Transaction,
  { organizationId, hour }: { organizationId: string; hour: Date },
): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    insert into risk_sign_ins as s (organization_id, hour, failures)
    values (${organizationId}, ${hour}, 1)
    on conflict (organization_id, hour) do update
    set failures = s.failures + 1
    returning failures
  `.execute(transaction);
  return rows[0]?.failures ?? 0;
}

export async function listSignInFailures(
  executor: Executor,
  organizationId: string,
  since: Date,
): Promise<{ hour: Date; failures: number }[]> {
  const { rows } = await sql<{ hour: Date; failures: number }>`
    select hour, failures
    from risk_sign_ins
    where organization_id = ${organizationId}
      and hour >= ${since}
    order by hour desc
    limit 1000
  `.execute(executor);
  return rows;
}

export interface Burst {
  organizationId: string;
  day: Date;
  /** Nano-units of the usage currency. */
  amount: bigint;
  allowed: bigint;
}

/** Answers whether the day was not known, or more is used in it by now. */
export async function saveBurst(transaction: Transaction, burst: Burst): Promise<boolean> {
  const saved = await sql`
    insert into risk_bursts as b (organization_id, day, amount, allowed)
    values (${burst.organizationId}, ${burst.day}, ${burst.amount}, ${burst.allowed})
    on conflict (organization_id, day) do update
    set amount = excluded.amount
    where b.amount < excluded.amount
  `.execute(transaction);
  return (saved.numAffectedRows ?? 0n) > 0n;
}

export async function listBursts(
  executor: Executor,
  organizationId: string,
  since: Date,
): Promise<Burst[]> {
  const { rows } = await sql<Burst>`
    select organization_id as "organizationId", day, amount, allowed
    from risk_bursts
    where organization_id = ${organizationId}
      and day >= ${since}
    order by day desc
    limit 400
  `.execute(executor);
  return rows;
}

/**
 * Whoever has a score or a flag in force, behind an id: what was true of them may have become old.
 * @scope job: whatever is to be scored, of every customer.
 */
export async function listScored(
  executor: Executor,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ organizationId: string }>`
    select o.organization_id as "organizationId"
    from risk_organizations as o
    where o.organization_id > ${after}
      and (
        o.score > 0
        or exists (
          select 1
          from risk_flags as f
          where f.organization_id = o.organization_id
            and f.state in ('open', 'confirmed')
        )
      )
    order by o.organization_id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ organizationId }) => organizationId);
}

/** @scope job: whatever is due, of every customer. */
export async function deleteOldSignals(executor: Executor, before: Date): Promise<void> {
  await sql`delete from risk_sign_ins where hour < ${before}`.execute(executor);
  await sql`delete from risk_bursts where day < ${before}`.execute(executor);
}

export async function deleteSignInFailures(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<void> {
  await sql`
    delete from risk_sign_ins where organization_id = any(${[...organizationIds]}::text[])
  `.execute(transaction);
}
