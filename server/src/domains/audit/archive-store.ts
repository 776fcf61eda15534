/** Months that were archived: their manifests, where the chains go on behind them, and the keys of persons. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Manifest } from './core/archive.ts';
import type { ChainedEntry } from './core/entry.ts';
import { entryColumns, insertEntries } from './store.ts';

export interface ArchiveRow {
  month: string;
  manifest: Manifest;
  hash: string;
}

/** All of them, oldest first: one row a month. */
export async function findArchives(executor: Executor): Promise<ArchiveRow[]> {
  const { rows } = await sql<ArchiveRow>`
    select month, manifest, hash
    from audit_archives
    order by month
  `.execute(executor);
  return rows;
}

export async function insertArchive(
  transaction: Transaction,
  { month, manifest, hash, at }: ArchiveRow & { at: Date },
): Promise<void> {
  await sql`
    insert into audit_archives (month, manifest, hash, archived_at)
    values (${month}, ${JSON.stringify(manifest)}::jsonb, ${hash}, ${at})
  `.execute(transaction);
}

/** One archiver at a time; it is let go with the transaction. */
export async function lockArchives(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('audit.archive', 0))`.execute(
    transaction,
  );
}

/** Months that have entries or a partition for them, such as `2026-01`, oldest first. */
export async function findMonths(executor: Executor): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select replace(right(c.relname, 7), '_', '-') as month
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit_entries'::regclass
      and c.relname ~ '^audit_entries_[0-9]{4}_[0-9]{2}$'
    union
    select to_char(created_at at time zone 'UTC', 'YYYY-MM')
    from audit_entries_default
    order by month
  `.execute(executor);
  return rows.map(({ month }) => month);
}

/**
 * Entries before `to` leave, but for those of a chain that come behind one that stays: two transactions at the turn of a
 * month can commit in the other order.
 * @scope deployment: the list of an organization names it as its filter.
 */
const leavingBefore = (to: string) => sql`
  select e.*, (s.position is null or e.position < s.position) as "isLeaving"
  from audit_entries e
  join (
    select c.chain, (
      select min(later.position)
      from audit_entries later
      where later.chain = c.chain and later.id >= ${to}
    ) as position
    from (select distinct chain from audit_entries where id < ${to}) c
  ) s on s.chain = e.chain
  where e.id < ${to}
`;

/** Opens a cursor over what leaves, by chain and position; it lives as long as the transaction. */
export async function openLeaving(transaction: Transaction, to: string): Promise<void> {
  await sql`
    declare audit_leaving no scroll cursor for
    select ${entryColumns('l')}
    from (${leavingBefore(to)}) l
    where l."isLeaving"
    order by l.chain, l.position
  `.execute(transaction);
}

export async function fetchLeaving(transaction: Transaction): Promise<ChainedEntry[]> {
  const { rows } = await sql<ChainedEntry>`fetch 1000 from audit_leaving`.execute(transaction);
  return rows;
}

/** What a file must hold: entries, and how many of their parts are there. */
export interface Tally {
  entries: bigint;
  origins: bigint;
  values: bigint;
}

export async function tallyLeaving(executor: Executor, to: string): Promise<Tally> {
  const { rows } = await sql<Tally>`
    select
      count(*) as entries,
      count(l.origin_salt) as origins,
      count(l.values_salt) as "values"
    from (${leavingBefore(to)}) l
    where l."isLeaving"
  `.execute(executor);
  return rows[0] ?? { entries: 0n, origins: 0n, values: 0n };
}

/** A reader or writer that holds the table longer must not make others wait behind us. */
const lockTimeout = '3s';

/** Nobody writes to the month until the transaction ends. */
export async function lockMonth(transaction: Transaction, month: string): Promise<void> {
  await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(transaction);
  for (const table of await tablesOf(transaction, month)) {
    await sql`lock table ${sql.id(table)} in share mode`.execute(transaction);
  }
}

async function tablesOf(executor: Executor, month: string): Promise<string[]> {
  const names = [`audit_entries_${month.replace('-', '_')}`, 'audit_entries_default'];
  const { rows } = await sql<{ name: string }>`
    select name
    from unnest(${names}::text[]) as name
    where to_regclass(name) is not null
  `.execute(executor);
  return rows.map(({ name }) => name);
}

/** Drops the month. What came behind an entry that stays is kept, in the partition of what has no month. */
export async function dropMonth(
  transaction: Transaction,
  { month, to }: { month: string; to: string },
): Promise<void> {
  const { rows: staying } = await sql<ChainedEntry>`
    select ${entryColumns('l')}
    from (${leavingBefore(to)}) l
    where not l."isLeaving"
  `.execute(transaction);
  for (const table of await tablesOf(transaction, month)) {
    if (table === 'audit_entries_default') await emptyDefault(transaction, to);
    else await sql`drop table ${sql.id(table)}`.execute(transaction);
  }
  if (staying.length > 0) await insertEntries(transaction, staying);
}

/** The one delete there is: of what was archived. */
async function emptyDefault(transaction: Transaction, to: string): Promise<void> {
  const { rows } = await sql`
    select from audit_entries_default where id < ${to} limit 1
  `.execute(transaction);
  if (rows.length === 0) return;
  const table = sql.id('audit_entries_default');
  await sql`alter table ${table} disable trigger audit_entries_append_only`.execute(transaction);
  await sql`delete from ${table} where id < ${to}`.execute(transaction);
  await sql`alter table ${table} enable trigger audit_entries_append_only`.execute(transaction);
}

/** Where a chain goes on behind its archive. */
export interface Start {
  chain: string;
  position: bigint;
  hash: string;
  seal: string;
}

export async function findStart(executor: Executor, chain: string): Promise<Start | undefined> {
  const { rows } = await sql<Start>`
    select chain, position, hash, seal
    from audit_starts
    where chain = ${chain}
  `.execute(executor);
  return rows[0];
}

export async function saveStarts(
  transaction: Transaction,
  starts: readonly Start[],
): Promise<void> {
  await sql`
    insert into audit_starts (chain, position, hash, seal)
    select chain, position, hash, seal
    from unnest(
      ${starts.map(({ chain }) => chain)}::text[],
      ${starts.map(({ position }) => position)}::bigint[],
      ${starts.map(({ hash }) => hash)}::text[],
      ${starts.map(({ seal }) => seal)}::text[]
    ) as n (chain, position, hash, seal)
    order by chain
    on conflict (chain) do update
    set position = excluded.position, hash = excluded.hash, seal = excluded.seal
  `.execute(transaction);
}

export interface PersonKey {
  userId: string;
  sealedKey: string;
  chains: string[];
}

export async function findPersonKey(
  executor: Executor,
  userId: string,
): Promise<PersonKey | undefined> {
  const { rows } = await sql<PersonKey>`
    select user_id as "userId", sealed_key as "sealedKey", chains
    from audit_person_keys
    where user_id = ${userId}
  `.execute(executor);
  return rows[0];
}

/** A key that is there already stays. */
export async function savePersonKeys(
  transaction: Transaction,
  keys: readonly PersonKey[],
): Promise<void> {
  for (const { userId, sealedKey, chains } of keys) {
    await sql`
      insert into audit_person_keys (user_id, sealed_key, chains)
      values (${userId}, ${sealedKey}, ${chains}::text[])
      on conflict (user_id) do update
      set chains = array(
        select distinct chain
        from unnest(audit_person_keys.chains || excluded.chains) as chain
        order by chain
      )
    `.execute(transaction);
  }
}

export async function deletePersonKey(transaction: Transaction, userId: string): Promise<void> {
  await sql`
    delete from audit_person_keys
    where user_id = ${userId}
  `.execute(transaction);
}
