/** SQL about batches of redemption codes, and who redeemed them. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface Batch {
  id: string;
  name: string;
  /** Nano-units of each code. */
  amount: bigint;
  currency: string;
  priority: number;
  creditExpiresInDays: number | null;
  expiresAt: Date | null;
  maxPerOrganization: number;
  createdAt: Date;
}

export interface CountedBatch extends Batch {
  unused: number;
  redeemed: number;
  void: number;
}

export interface Redemption {
  id: string;
  hash: string;
  batchId: string;
  organizationId: string;
  grantId: string;
  redeemedAt: Date;
}

const columns = sql`
  b.id, b.name, b.amount, b.currency, b.priority, b.credit_expires_in_days as "creditExpiresInDays",
  b.expires_at as "expiresAt", b.max_redemptions_per_organization as "maxPerOrganization", b.created_at as "createdAt"
`;

export async function insertBatch(
  transaction: Transaction,
  batch: Batch,
  hashes: readonly string[],
): Promise<void> {
  await sql`
    insert into growth_code_batches
      (id, name, amount, currency, priority, credit_expires_in_days, expires_at, max_redemptions_per_organization,
       created_at)
    values
      (${batch.id}, ${batch.name}, ${batch.amount}, ${batch.currency}, ${batch.priority},
       ${batch.creditExpiresInDays}, ${batch.expiresAt}, ${batch.maxPerOrganization}, ${batch.createdAt})
  `.execute(transaction);
  await sql`
    insert into growth_redemption_codes (hash, batch_id)
    select hash, ${batch.id}
    from unnest(${[...hashes]}::text[]) as hash
  `.execute(transaction);
}

/** @scope secret: whoever has the code was given it. */
export async function lockCode(
  transaction: Transaction,
  hash: string,
): Promise<(Batch & { state: 'unused' | 'redeemed' | 'void' }) | undefined> {
  const { rows } = await sql<Batch & { state: 'unused' | 'redeemed' | 'void' }>`
    select ${columns}, c.state
    from growth_redemption_codes as c
    join growth_code_batches as b on b.id = c.batch_id
    where c.hash = ${hash}
    for update of c
  `.execute(transaction);
  return rows[0];
}

export async function countRedeemedBy(
  transaction: Transaction,
  { batchId, organizationId }: { batchId: string; organizationId: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from growth_code_redemptions
    where organization_id = ${organizationId} and batch_id = ${batchId}
  `.execute(transaction);
  return rows[0]?.count ?? 0;
}

/** Of a locked code. */
export async function insertRedemption(
  transaction: Transaction,
  redemption: Redemption,
): Promise<void> {
  await sql`
    update growth_redemption_codes
    set state = 'redeemed'
    where hash = ${redemption.hash}
  `.execute(transaction);
  await sql`
    insert into growth_code_redemptions (id, hash, batch_id, organization_id, grant_id, redeemed_at)
    values
      (${redemption.id}, ${redemption.hash}, ${redemption.batchId}, ${redemption.organizationId},
       ${redemption.grantId}, ${redemption.redeemedAt})
  `.execute(transaction);
}

/** Whoever redeems does not wait for this: a redemption's reference to its batch takes a weaker lock. */
export async function lockBatch(transaction: Transaction, id: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from growth_code_batches where id = ${id} for no key update
  `.execute(transaction);
  return rows.length > 0;
}

/** What is being redeemed at this moment is waited for, and left as it is. Answers how many became void. */
export async function voidUnused(transaction: Transaction, batchId: string): Promise<bigint> {
  const voided = await sql`
    update growth_redemption_codes
    set state = 'void'
    where batch_id = ${batchId} and state = 'unused'
  `.execute(transaction);
  return voided.numAffectedRows ?? 0n;
}

const counted = sql`
  select ${columns}, n.unused, n.redeemed, n.void
  from growth_code_batches as b
  cross join lateral (
    select
      count(*) filter (where c.state = 'unused')::integer as unused,
      count(*) filter (where c.state = 'redeemed')::integer as redeemed,
      count(*) filter (where c.state = 'void')::integer as void
    from growth_redemption_codes as c
    where c.batch_id = b.id
  ) as n
`;

export async function findBatch(executor: Executor, id: string): Promise<CountedBatch | undefined> {
  const { rows } = await sql<CountedBatch>`${counted} where b.id = ${id}`.execute(executor);
  return rows[0];
}

/** The newest first. */
export async function listBatches(
  executor: Executor,
  { before = null, limit }: { before?: string | null | undefined; limit: number },
): Promise<CountedBatch[]> {
  const { rows } = await sql<CountedBatch>`
    ${counted}
    where (${before}::text is null or b.id < ${before})
    order by b.id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

/**
 * The newest first.
 * @scope deployment: operators see who redeemed a batch.
 */
export async function listRedemptionRows(
  executor: Executor,
  {
    batchId,
    before = null,
    limit,
  }: { batchId: string; before?: string | null | undefined; limit: number },
): Promise<Redemption[]> {
  const { rows } = await sql<Redemption>`
    select id, hash, batch_id as "batchId", organization_id as "organizationId", grant_id as "grantId",
      redeemed_at as "redeemedAt"
    from growth_code_redemptions
    where batch_id = ${batchId}
      and (${before}::text is null or id < ${before})
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}
