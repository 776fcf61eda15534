/** SQL of the metrics: small questions that a scrape may ask every few seconds. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface Verification {
  id: string;
  verifiedAt: Date;
  problems: number;
  transfers: bigint;
}

/** Keeps the newest verification only. */
export async function saveVerification(executor: Executor, found: Verification): Promise<void> {
  await sql`
    with older as (
      delete from access_verifications
    )
    insert into access_verifications (id, verified_at, problems, transfers)
    values (${found.id}, ${found.verifiedAt}, ${found.problems}, ${found.transfers})
  `.execute(executor);
}

export async function findVerification(executor: Executor): Promise<Verification | undefined> {
  const { rows } = await sql<Verification>`
    select id, verified_at as "verifiedAt", problems, transfers
    from access_verifications
    order by id desc
    limit 1
  `.execute(executor);
  return rows[0];
}

/**
 * Holds that are open, and those of them that the sweep should have taken by now.
 * @scope deployment: a figure of the whole deployment.
 */
export async function countHolds(
  executor: Executor,
  wall: Date,
): Promise<{ open: bigint; expired: bigint }> {
  const { rows } = await sql<{ open: bigint; expired: bigint }>`
    select count(*) as open, count(*) filter (where expires_at <= ${wall}) as expired
    from access_holds
  `.execute(executor);
  return rows[0] ?? { open: 0n, expired: 0n };
}

/**
 * Transactions that the oldest snapshot lies behind: a long one keeps dead rows alive, and throughput falls to a third.
 */
export async function oldestSnapshotAge(executor: Executor): Promise<number> {
  const { rows } = await sql<{ age: number | null }>`
    select max(age(backend_xmin)) as age
    from pg_stat_activity
    where datname = current_database()
  `.execute(executor);
  return rows[0]?.age ?? 0;
}
