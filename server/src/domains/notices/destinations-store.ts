/** SQL about the chats that organizations have connected. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { ChatChannel } from './provider.ts';

export interface Destination {
  id: string;
  organizationId: string;
  channel: ChatChannel;
  name: string;
  locale: 'en' | 'zh-CN';
  /** Null while it waits for its chat. */
  sealedAddress: string | null;
  sealedCode: string | null;
  codeExpiresAt: Date | null;
  createdBy: string | null;
  createdAt: Date;
}

const columns = sql`
  id, organization_id as "organizationId", channel, name, locale, sealed_address as "sealedAddress",
  sealed_code as "sealedCode", code_expires_at as "codeExpiresAt", created_by as "createdBy",
  created_at as "createdAt"
`;

export async function insertDestination(
  transaction: Transaction,
  made: Destination & { codeHash: string | null },
): Promise<void> {
  await sql`
    insert into notices_destinations
      (id, organization_id, channel, name, locale, sealed_address, sealed_code, code_hash, code_expires_at,
       created_by, created_at)
    values
      (${made.id}, ${made.organizationId}, ${made.channel}, ${made.name}, ${made.locale}, ${made.sealedAddress},
       ${made.sealedCode}, ${made.codeHash}, ${made.codeExpiresAt}, ${made.createdBy}, ${made.createdAt})
  `.execute(transaction);
}

/** Oldest first. */
export async function findDestinations(
  executor: Executor,
  organizationId: string,
): Promise<Destination[]> {
  const { rows } = await sql<Destination>`
    select ${columns}
    from notices_destinations
    where organization_id = ${organizationId}
    order by id
  `.execute(executor);
  return rows;
}

export async function findDestination(
  executor: Executor,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<Destination | undefined> {
  const { rows } = await sql<Destination>`
    select ${columns}
    from notices_destinations
    where organization_id = ${organizationId} and id = ${id}
  `.execute(executor);
  return rows[0];
}

export async function deleteDestination(
  transaction: Transaction,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<Destination | undefined> {
  const { rows } = await sql<Destination>`
    delete from notices_destinations
    where organization_id = ${organizationId} and id = ${id}
    returning ${columns}
  `.execute(transaction);
  return rows[0];
}

/** A trial is sent at most once a quarter of a minute: nobody makes us their way to flood a chat. */
export async function claimTest(
  executor: Executor,
  {
    organizationId,
    id,
    now,
    notSince,
  }: Record<'organizationId' | 'id', string> & Record<'now' | 'notSince', Date>,
): Promise<boolean> {
  const claimed = await sql`
    update notices_destinations
    set tested_at = ${now}
    where organization_id = ${organizationId} and id = ${id}
      and (tested_at is null or tested_at < ${notSince})
  `.execute(executor);
  return claimed.numAffectedRows === 1n;
}

/**
 * Gives a waiting destination the chat that sent its code; nothing for a code that is unknown, used or too old.
 * @scope row: whoever knows the code.
 */
export async function lockWaiting(
  transaction: Transaction,
  { codeHash, at }: { codeHash: string; at: Date },
): Promise<Destination | undefined> {
  const { rows } = await sql<Destination>`
    select ${columns}
    from notices_destinations
    where code_hash = ${codeHash} and code_expires_at > ${at}
    for update
  `.execute(transaction);
  return rows[0];
}

/** @scope row: the transaction holds it. */
export async function connectDestination(
  transaction: Transaction,
  { id, sealedAddress }: { id: string; sealedAddress: string },
): Promise<void> {
  await sql`
    update notices_destinations
    set sealed_address = ${sealedAddress}, sealed_code = null, code_hash = null, code_expires_at = null
    where id = ${id}
  `.execute(transaction);
}

/** @scope deployment: the bot is everybody's. */
export async function hasWaiting(executor: Executor, at: Date): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one from notices_destinations where code_expires_at > ${at} limit 1
  `.execute(executor);
  return rows.length > 0;
}

/** From which the bot's news was not read yet. */
export async function findNextUpdate(executor: Executor): Promise<bigint> {
  const { rows } = await sql<{ next: bigint }>`
    select next_update as next from notices_telegram
  `.execute(executor);
  return rows[0]?.next ?? 0n;
}

/** The same, and nobody else moves it before the transaction ends. */
export async function lockNextUpdate(transaction: Transaction): Promise<bigint> {
  const { rows } = await sql<{ next: bigint }>`
    select next_update as next from notices_telegram for update
  `.execute(transaction);
  return rows[0]?.next ?? 0n;
}

export async function saveNextUpdate(transaction: Transaction, next: bigint): Promise<void> {
  await sql`update notices_telegram set next_update = ${next}`.execute(transaction);
}

/** @scope deployment: a job clears away links that nobody opened in time. */
export async function deleteLapsed(executor: Executor, before: Date): Promise<void> {
  await sql`delete from notices_destinations where code_expires_at < ${before}`.execute(executor);
}
