/** All SQL of the audit log. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { ChainedEntry } from './core/entry.ts';
import type { Head } from './core/verify-chain.ts';

/** Locks the heads of chains in the order of their names, and makes those that are not there yet. */
export async function lockHeads(
  transaction: Transaction,
  chains: readonly string[],
): Promise<Head[]> {
  const locked = await selectHeads(transaction, chains);
  if (locked.length === chains.length) return locked;
  await sql`
    insert into audit_heads (chain, entries, hash, seal)
    select chain, 0, '', ''
    from unnest(${[...chains]}::text[]) as c (chain)
    order by chain
    on conflict (chain) do nothing
  `.execute(transaction);
  return selectHeads(transaction, chains);
}

async function selectHeads(transaction: Transaction, chains: readonly string[]): Promise<Head[]> {
  const { rows } = await sql<Head>`
    select chain, entries, hash, seal
    from audit_heads
    where chain = any(${[...chains]}::text[])
    order by chain
    for update
  `.execute(transaction);
  return rows;
}

export async function updateHeads(transaction: Transaction, heads: readonly Head[]): Promise<void> {
  await sql`
    update audit_heads as head
    set entries = n.entries, hash = n.hash, seal = n.seal
    from unnest(
      ${heads.map(({ chain }) => chain)}::text[],
      ${heads.map(({ entries }) => entries)}::bigint[],
      ${heads.map(({ hash }) => hash)}::text[],
      ${heads.map(({ seal }) => seal)}::text[]
    ) as n (chain, entries, hash, seal)
    where head.chain = n.chain
  `.execute(transaction);
}

export async function insertEntries(
  transaction: Transaction,
  entries: readonly ChainedEntry[],
): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, position: String(entry.position) }));
  await sql`
    insert into audit_entries
      (id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id,
       old_values, new_values, ip, user_agent, request_id, created_at, previous_hash, hash)
    select e.id, e.chain, e.position, e."organizationId", e."actorKind", e."actorId", e.action, e."resourceKind",
      e."resourceId", e."oldValues", e."newValues", e.ip, e."userAgent", e."requestId", e."createdAt",
      e."previousHash", e.hash
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (
      id text, chain text, position bigint, "organizationId" text, "actorKind" text, "actorId" text, action text,
      "resourceKind" text, "resourceId" text, "oldValues" jsonb, "newValues" jsonb, ip text, "userAgent" text,
      "requestId" text, "createdAt" timestamptz, "previousHash" text, hash text
    )
  `.execute(transaction);
}

const columns = sql`
  id, chain, position, organization_id as "organizationId", actor_kind as "actorKind", actor_id as "actorId", action,
  resource_kind as "resourceKind", resource_id as "resourceId", old_values as "oldValues", new_values as "newValues",
  ip, user_agent as "userAgent", request_id as "requestId", created_at as "createdAt",
  previous_hash as "previousHash", hash
`;

export interface AuditFilter {
  /** Entries of this organization; left out: of the whole deployment. */
  organizationId?: string | undefined;
  /** Id of the user or key. */
  actor?: string | undefined;
  /** The action, such as `package.purchase`, or its noun. */
  action?: string | undefined;
  /** Id or kind of the record. */
  resource?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only entries older than the one of this id. */
  before?: string | undefined;
  limit: number;
}

/** Entries that match, newest first. */
export async function findEntries(
  executor: Executor,
  filter: AuditFilter,
): Promise<ChainedEntry[]> {
  const conditions = [
    filter.organizationId && sql`organization_id = ${filter.organizationId}`,
    filter.actor && sql`actor_id = ${filter.actor}`,
    filter.action &&
      sql`(action = ${filter.action} or split_part(action, '.', 1) = ${filter.action})`,
    filter.resource &&
      sql`(resource_id = ${filter.resource} or resource_kind = ${filter.resource})`,
    filter.from && sql`created_at >= ${filter.from}`,
    filter.to && sql`created_at < ${filter.to}`,
    filter.before && sql`id < ${filter.before}`,
  ].filter((condition) => condition !== undefined && condition !== '');
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  const { rows } = await sql<ChainedEntry>`
    select ${columns}
    from audit_entries
    ${where}
    order by id desc
    limit ${filter.limit}
  `.execute(executor);
  return rows;
}

/** Names of all chains, those that lost their head or their entries included. */
export async function findChains(executor: Executor): Promise<string[]> {
  const { rows } = await sql<{ chain: string }>`
    select chain
    from audit_heads
    union
    select chain
    from audit_entries
    order by chain
  `.execute(executor);
  return rows.map((row) => row.chain);
}

export async function findHead(executor: Executor, chain: string): Promise<Head | undefined> {
  const { rows } = await sql<Head>`
    select chain, entries, hash, seal
    from audit_heads
    where chain = ${chain}
  `.execute(executor);
  return rows[0];
}

/** The next entries of a chain, in order of position. */
export async function findEntriesAfter(
  executor: Executor,
  after: { chain: string; position: bigint; limit: number },
): Promise<ChainedEntry[]> {
  const { rows } = await sql<ChainedEntry>`
    select ${columns}
    from audit_entries
    where chain = ${after.chain} and position > ${after.position}
    order by position
    limit ${after.limit}
  `.execute(executor);
  return rows;
}
