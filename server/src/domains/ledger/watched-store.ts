/** SQL about funds that run out, and what was told of them. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

interface Watching {
  currency: string;
  /** Below which a wallet is low that has no threshold of its own. */
  usual: bigint;
  at: Date;
}

/**
 * Notes the wallets that are not low, so that they are told of once they are.
 * @scope deployment: a job looks at all customers' wallets.
 */
export async function armWallets(
  executor: Executor,
  { currency, usual, at }: Watching,
): Promise<void> {
  await sql`
    insert into ledger_watched_wallets as w (organization_id, is_armed, updated_at)
    select b.organization_id, true, ${at}
    from ledger_buckets as b
    left join ledger_watched_wallets as known on known.organization_id = b.organization_id
    where b.kind = 'wallet'
      and b.currency = ${currency}
      and b.available + b.held >= coalesce(known.threshold, ${usual}::bigint)
      and b.available + b.held > 0
      and known.is_armed is distinct from true
    on conflict (organization_id) do update
    set is_armed = true, updated_at = excluded.updated_at
    where not w.is_armed
  `.execute(executor);
}

export interface LowWallet {
  organizationId: string;
  balance: bigint;
  threshold: bigint;
}

/**
 * Wallets that have become low and were not told of.
 * @scope deployment: a job looks at all customers' wallets.
 */
export async function findLowWallets(
  executor: Executor,
  { currency, usual, limit }: Omit<Watching, 'at'> & { limit: number },
): Promise<LowWallet[]> {
  const { rows } = await sql<LowWallet>`
    select w.organization_id as "organizationId", b.available + b.held as balance,
      coalesce(w.threshold, ${usual}::bigint) as threshold
    from ledger_watched_wallets as w
    join ledger_buckets as b
      on b.organization_id = w.organization_id and b.kind = 'wallet' and b.currency = ${currency}
    where w.is_armed
      and b.available + b.held < coalesce(w.threshold, ${usual}::bigint)
    order by w.organization_id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** Answers false where another process has told of it. */
export async function disarmWallet(
  transaction: Transaction,
  { organizationId, at }: { organizationId: string; at: Date },
): Promise<boolean> {
  const disarmed = await sql`
    update ledger_watched_wallets
    set is_armed = false, updated_at = ${at}
    where organization_id = ${organizationId} and is_armed
  `.execute(transaction);
  return disarmed.numAffectedRows === 1n;
}

/** The organization's own threshold; undefined: the usual. */
export async function findThreshold(
  executor: Executor,
  organizationId: string,
): Promise<bigint | undefined> {
  const { rows } = await sql<{ threshold: bigint | null }>`
    select threshold from ledger_watched_wallets where organization_id = ${organizationId}
  `.execute(executor);
  return rows[0]?.threshold ?? undefined;
}

export async function saveThreshold(
  transaction: Transaction,
  { organizationId, threshold, at }: { organizationId: string; threshold: bigint | null; at: Date },
): Promise<void> {
  await sql`
    insert into ledger_watched_wallets (organization_id, threshold, is_armed, updated_at)
    values (${organizationId}, ${threshold}, false, ${at})
    on conflict (organization_id) do update
    set threshold = excluded.threshold, updated_at = excluded.updated_at
  `.execute(transaction);
}

export interface DrainedAllowance {
  bucketId: string;
  organizationPackageId: string;
  remaining: bigint;
  resetsAt: Date;
}

/**
 * Allowances that are open now and have no more left than each package names, unless they were told of.
 * @scope row: the packages were found by a job.
 */
export async function findDrainedAllowances(
  executor: Executor,
  packages: readonly { organizationId: string; organizationPackageId: string; atMost: bigint }[],
  at: Date,
): Promise<DrainedAllowance[]> {
  const { rows } = await sql<DrainedAllowance>`
    select b.id as "bucketId", b.organization_package_id as "organizationPackageId",
      b.available + b.held as remaining,
      case when b.pause_from > ${at} then least(b.pause_from, b.closes_at) else b.closes_at end as "resetsAt"
    from unnest(
      ${packages.map(({ organizationId }) => organizationId)}::text[],
      ${packages.map(({ organizationPackageId }) => organizationPackageId)}::text[],
      ${packages.map(({ atMost }) => String(atMost))}::bigint[]
    ) as asked (organization_id, organization_package_id, at_most)
    join ledger_buckets as b
      on b.organization_id = asked.organization_id
      and b.organization_package_id = asked.organization_package_id
      and b.kind = 'allowance'
      and b.closes_at > ${at}
      and b.opens_at <= ${at}
      and not (b.pause_from <= ${at} and b.pause_until > ${at})
    left join ledger_watched_allowances as told on told.bucket_id = b.id
    where b.available + b.held <= asked.at_most
      and (told.bucket_id is null or (not told.is_used_up and b.available + b.held = 0))
    order by b.id
  `.execute(executor);
  return rows;
}

/** Answers false where it was told of before. */
export async function markAllowanceTold(
  transaction: Transaction,
  told: { bucketId: string; isUsedUp: boolean; at: Date },
): Promise<boolean> {
  const marked = await sql`
    insert into ledger_watched_allowances as w (bucket_id, is_used_up, told_at)
    values (${told.bucketId}, ${told.isUsedUp}, ${told.at})
    on conflict (bucket_id) do update
    set is_used_up = true, told_at = excluded.told_at
    where not w.is_used_up and excluded.is_used_up
  `.execute(transaction);
  return marked.numAffectedRows === 1n;
}

/** @scope deployment: a job clears away what is old. */
export async function deleteOldAllowanceMarks(executor: Executor, before: Date): Promise<void> {
  await sql`delete from ledger_watched_allowances where told_at < ${before}`.execute(executor);
}
