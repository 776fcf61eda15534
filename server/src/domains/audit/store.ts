/** The chains: their heads and their entries, written and walked. */
import { type RawBuilder, sql } from 'kysely';
import { ensureMonthlyPartitions } from '../../platform/database/partitions.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { ChainedEntry } from './core/entry.ts';
import type { Head } from './core/verify-chain.ts';

export const entriesTable = { name: 'audit_entries', column: 'id', idPrefix: 'aud' };

/** Makes the partitions of the months from `from` to `to` that are missing. */
export async function ensureEntriesPartitions(
  executor: Executor,
  from: Date,
  to: Date,
): Promise<void> {
  await ensureMonthlyPartitions(executor, entriesTable, { from, to });
}

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

const recordset = sql`
  id text, chain text, position bigint, "organizationId" text, "actorKind" text, "actorId" text, action text,
  "resourceKind" text, "resourceId" text, "oldValues" jsonb, "newValues" jsonb, ip text, "userAgent" text,
  "requestId" text, "createdAt" timestamptz, version smallint, "originSalt" text, "originDigest" text,
  "valuesSalt" text, "valuesDigest" text, "restSeal" text, "previousHash" text, hash text
`;

export async function insertEntries(
  transaction: Transaction,
  entries: readonly ChainedEntry[],
): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, position: String(entry.position) }));
  await sql`
    insert into audit_entries
      (id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id,
       old_values, new_values, ip, user_agent, request_id, created_at, version, origin_salt, origin_digest,
       values_salt, values_digest, rest_seal, previous_hash, hash)
    select e.id, e.chain, e.position, e."organizationId", e."actorKind", e."actorId", e.action, e."resourceKind",
      e."resourceId", e."oldValues", e."newValues", e.ip, e."userAgent", e."requestId", e."createdAt", e.version,
      e."originSalt", e."originDigest", e."valuesSalt", e."valuesDigest", e."restSeal", e."previousHash", e.hash
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (${recordset})
  `.execute(transaction);
}

/** Every column under its name here; `from` is the alias of the table. */
export function entryColumns(from: string): RawBuilder<unknown> {
  const column = (name: string, as: string) => sql`${sql.ref(`${from}.${name}`)} as ${sql.id(as)}`;
  return sql.join([
    column('id', 'id'),
    column('chain', 'chain'),
    column('position', 'position'),
    column('organization_id', 'organizationId'),
    column('actor_kind', 'actorKind'),
    column('actor_id', 'actorId'),
    column('action', 'action'),
    column('resource_kind', 'resourceKind'),
    column('resource_id', 'resourceId'),
    column('old_values', 'oldValues'),
    column('new_values', 'newValues'),
    column('ip', 'ip'),
    column('user_agent', 'userAgent'),
    column('request_id', 'requestId'),
    column('created_at', 'createdAt'),
    column('version', 'version'),
    column('origin_salt', 'originSalt'),
    column('origin_digest', 'originDigest'),
    column('values_salt', 'valuesSalt'),
    column('values_digest', 'valuesDigest'),
    column('rest_seal', 'restSeal'),
    column('previous_hash', 'previousHash'),
    column('hash', 'hash'),
  ]);
}

/**
 * Names of all chains from `after` on, those that lost their head or their entries included.
 * @scope deployment: proof reads every chain.
 */
export async function findChains(
  executor: Executor,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ chain: string }>`
    with recursive strays (chain) as (
      select min(chain) from audit_entries where chain > ${after}
      union all
      select (select min(e.chain) from audit_entries e where e.chain > s.chain)
      from strays s
      where s.chain is not null
    )
    select chain
    from (
      select chain collate "C" as chain from audit_heads where chain collate "C" > ${after}
      union
      select chain from (select chain from strays where chain is not null limit ${limit}) s
    ) c
    order by chain
    limit ${limit}
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

/**
 * The next entries of a chain, in order of position.
 * @scope deployment: proof reads a chain, which is of one organization.
 */
export async function findEntriesAfter(
  executor: Executor,
  after: { chain: string; position: bigint; limit: number },
): Promise<ChainedEntry[]> {
  const { rows } = await sql<ChainedEntry>`
    select ${entryColumns('e')}
    from audit_entries e
    where e.chain = ${after.chain} and e.position > ${after.position}
    order by e.position, e.id
    limit ${after.limit}
  `.execute(executor);
  return rows;
}

/**
 * What may hold parts of a person: they acted, or are the record. Behind an id, in the order of ids.
 * @scope person: what is told of them is found in every chain.
 */
export async function findEntriesOfPerson(
  executor: Executor,
  { userId, after, limit }: { userId: string; after: string; limit: number },
): Promise<ChainedEntry[]> {
  const { rows } = await sql<ChainedEntry>`
    with of_person as materialized (
      select id
      from audit_entries
      where ${facetArray} && array[${`a:${userId}`}, ${`r:${userId}`}]
    )
    select ${entryColumns('e')}
    from audit_entries e
    join of_person p on p.id = e.id
    where e.id > ${after}
    order by e.id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/**
 * The chains in which a person acted, or is the record.
 * @scope person: what is told of them is found in every chain.
 */
export async function findChainsOfPerson(executor: Executor, userId: string): Promise<string[]> {
  const { rows } = await sql<{ chain: string }>`
    select distinct chain
    from audit_entries
    where ${facetArray} && array[${`a:${userId}`}, ${`r:${userId}`}]
  `.execute(executor);
  return rows.map(({ chain }) => chain);
}

/** Written as the index has it, letter for letter. */
export const facetArray = sql`(array[
  'o:' || organization_id,
  'a:' || actor_id,
  'c:' || actor_kind,
  'x:' || action,
  'n:' || split_part(action, '.', 1),
  'k:' || resource_kind,
  'r:' || resource_id,
  'i:' || ip,
  'q:' || request_id
])`;

/**
 * Writes what is left of entries that lost a part.
 * @scope person: what is told of them is erased from every chain.
 */
export async function eraseParts(
  transaction: Transaction,
  entries: readonly ChainedEntry[],
): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, position: String(entry.position) }));
  await sql`
    update audit_entries as entry
    set
      old_values = e."oldValues", new_values = e."newValues", ip = e.ip, user_agent = e."userAgent",
      origin_salt = e."originSalt", origin_digest = e."originDigest",
      values_salt = e."valuesSalt", values_digest = e."valuesDigest", rest_seal = e."restSeal"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (${recordset})
    where entry.id = e.id
  `.execute(transaction);
}
