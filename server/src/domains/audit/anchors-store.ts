/** Anchors and the heads that they note. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Anchor, NotedHead } from './core/anchor.ts';

/** One anchor at a time; it is let go with the transaction. */
export async function lockAnchors(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('audit.anchor', 0))`.execute(transaction);
}

export async function findLastAnchor(executor: Executor): Promise<Anchor | undefined> {
  const { rows } = await sql<Anchor>`
    select number, at, chains, entries, root, previous, seal
    from audit_anchors
    order by number desc
    limit 1
  `.execute(executor);
  return rows[0];
}

/** The next anchors, in order. */
export async function findAnchorsAfter(
  executor: Executor,
  number: bigint,
  limit: number,
): Promise<Anchor[]> {
  const { rows } = await sql<Anchor>`
    select number, at, chains, entries, root, previous, seal
    from audit_anchors
    where number > ${number}
    order by number
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** The heads that no anchor has noted as they are. */
export async function findGrownHeads(executor: Executor): Promise<NotedHead[]> {
  const { rows } = await sql<NotedHead>`
    select head.chain, head.entries, head.hash
    from audit_heads head
    where head.entries > 0
      and not exists (
        select from audit_anchor_heads noted
        where noted.chain = head.chain and noted.entries = head.entries
      )
    order by head.chain
  `.execute(executor);
  return rows;
}

/** Chains and entries of all heads. */
export async function sumHeads(executor: Executor): Promise<{ chains: bigint; entries: bigint }> {
  const { rows } = await sql<{ chains: bigint; entries: bigint }>`
    select count(*) as chains, coalesce(sum(entries), 0)::bigint as entries
    from audit_heads
    where entries > 0
  `.execute(executor);
  return rows[0] ?? { chains: 0n, entries: 0n };
}

export async function insertAnchor(
  transaction: Transaction,
  anchor: Anchor,
  heads: readonly NotedHead[],
): Promise<void> {
  await sql`
    insert into audit_anchors (number, at, chains, entries, root, previous, seal)
    values (
      ${anchor.number}, ${anchor.at}, ${anchor.chains}, ${anchor.entries}, ${anchor.root}, ${anchor.previous},
      ${anchor.seal}
    )
  `.execute(transaction);
  await sql`
    insert into audit_anchor_heads (anchor, chain, entries, hash)
    select ${anchor.number}, chain, entries, hash
    from unnest(
      ${heads.map(({ chain }) => chain)}::text[],
      ${heads.map(({ entries }) => entries)}::bigint[],
      ${heads.map(({ hash }) => hash)}::text[]
    ) as n (chain, entries, hash)
  `.execute(transaction);
}

export async function findAnchorHeads(executor: Executor, anchor: bigint): Promise<NotedHead[]> {
  const { rows } = await sql<NotedHead>`
    select chain, entries, hash
    from audit_anchor_heads
    where anchor = ${anchor}
  `.execute(executor);
  return rows;
}

/** Numbers of anchors that heads were noted for, but that are not there. */
export async function findStrayAnchorNumbers(executor: Executor): Promise<bigint[]> {
  const { rows } = await sql<{ anchor: bigint }>`
    select distinct heads.anchor
    from audit_anchor_heads heads
    where not exists (select from audit_anchors a where a.number = heads.anchor)
  `.execute(executor);
  return rows.map(({ anchor }) => anchor);
}
