/** All SQL about what providers told us. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { InboxOutcome } from './core/inbox.ts';
import type { Claims } from './provider.ts';

type InboxTables = {
  payments_inbox: {
    id: string;
    provider: string;
    digest: string;
    method: string;
    query: string;
    headers: Record<string, string>;
    body: Buffer;
    address: string | null;
    outcome: InboxOutcome;
    reason: string | null;
    verified_at: Date | null;
    claims: string | null;
    deliveries: number;
    tries: number;
    is_cut: boolean;
    received_at: Date;
    last_received_at: Date;
    next_try_at: Date | null;
    handled_at: Date | null;
  };
};

const tables = (executor: Executor) => executor.withTables<InboxTables>();

export interface NewNotification {
  id: string;
  provider: string;
  digest: string;
  method: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
  address: string | null;
  receivedAt: Date;
  /** When it is looked at again, should this process not live to do it. */
  nextTryAt: Date;
}

export interface StoredNotification {
  id: string;
  provider: string;
  method: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
  address: string | null;
  outcome: InboxOutcome;
  reason: string | null;
  isVerified: boolean;
  claims: Claims | null;
  deliveries: number;
  tries: number;
  isCut: boolean;
  receivedAt: Date;
  lastReceivedAt: Date;
  nextTryAt: Date | null;
  handledAt: Date | null;
}

/**
 * Stores what came, or counts one more delivery of the same bytes; answers what became of them so far. While nobody has
 * proved where they come from, the headers of the last delivery count: the first may have been a stranger's.
 */
export async function storeNotification(
  executor: Executor,
  { receivedAt, nextTryAt, ...notification }: NewNotification,
): Promise<{ id: string; outcome: InboxOutcome; tries: number; isVerified: boolean }> {
  const proven = sql<boolean>`payments_inbox.verified_at is not null`;
  const row = await tables(executor)
    .insertInto('payments_inbox')
    .values({
      ...notification,
      ...{ outcome: 'received', deliveries: 1, tries: 0, is_cut: false },
      received_at: receivedAt,
      last_received_at: receivedAt,
      next_try_at: nextTryAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['provider', 'digest']).doUpdateSet({
        deliveries: sql`payments_inbox.deliveries + 1`,
        last_received_at: receivedAt,
        headers: sql`case when ${proven} then payments_inbox.headers else excluded.headers end`,
        address: sql`case when ${proven} then payments_inbox.address else excluded.address end`,
        body: sql`excluded.body`,
        is_cut: false,
      }),
    )
    .returning(['id', 'outcome', 'tries', 'verified_at'])
    .executeTakeFirstOrThrow();
  const { id, outcome, tries, verified_at } = row;
  return { id, outcome, tries, isVerified: verified_at !== null };
}

/** Keeps what a notification says once it is proved whose it is. */
export async function saveClaims(
  executor: Executor,
  id: string,
  { claims, at }: { claims: Claims; at: Date },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_inbox')
    .set({ claims: JSON.stringify(claims), verified_at: at })
    .where('id', '=', id)
    .where('verified_at', 'is', null)
    .execute();
}

export interface OutcomeToSave {
  outcome: InboxOutcome;
  reason: string | null;
  nextTryAt: Date | null;
  at: Date;
}

const undone: readonly InboxOutcome[] = ['received', 'unconfirmed', 'failed', 'dead', 'refused'];

/** Keeps what became of it; of two that handle the same one at once, the first to be done has the last word. */
export async function saveInboxOutcome(
  executor: Executor,
  id: string,
  { outcome, reason, nextTryAt, at }: OutcomeToSave,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_inbox')
    .set({ outcome, reason, next_try_at: nextTryAt, handled_at: at })
    .where('id', '=', id)
    .where('outcome', 'in', undone)
    .execute();
}

/** Keeps that nobody can tell whose it is, and only its beginning: it may be anybody's noise. */
export async function saveRefusal(
  executor: Executor,
  id: string,
  { reason, at, bodyBytesMax }: { reason: string; at: Date; bodyBytesMax: number },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_inbox')
    .set({
      outcome: 'refused',
      reason,
      next_try_at: null,
      handled_at: at,
      is_cut: sql`octet_length(body) > ${bodyBytesMax}::integer`,
      body: sql`substring(body from 1 for ${bodyBytesMax}::integer)`,
    })
    .where('id', '=', id)
    .where('verified_at', 'is', null)
    .where('outcome', 'in', undone)
    .execute();
}

/** Removes what an address sent and could not prove, but for its last `keep`. */
export async function removeUnprovenOf(
  executor: Executor,
  address: string,
  keep: number,
): Promise<void> {
  await sql`
    delete from payments_inbox
    where id in (
      select id
      from payments_inbox
      where verified_at is null
        and outcome in ('refused', 'unconfirmed')
        and address = ${address}
      order by id desc
      offset ${keep}
    )
  `.execute(executor);
}

/** Removes what anybody sent and could not prove, but for the last `keep`. */
export async function removeUnproven(executor: Executor, keep: number): Promise<void> {
  await sql`
    delete from payments_inbox
    where id in (
      select id
      from payments_inbox
      where verified_at is null
        and outcome in ('refused', 'unconfirmed')
      order by id desc
      offset ${keep}
    )
  `.execute(executor);
}

/** Removes notifications that nobody will ask about again; what was refused may be anybody's noise, and goes earlier. */
export async function removeNotifications(
  executor: Executor,
  before: { understood: Date; refused: Date },
): Promise<void> {
  await tables(executor)
    .deleteFrom('payments_inbox')
    .where(({ eb, and, or }) =>
      or([
        eb('received_at', '<', before.understood),
        and([eb('outcome', '=', 'refused'), eb('last_received_at', '<', before.refused)]),
      ]),
    )
    .execute();
}

/**
 * Takes notifications whose next try is due, so that two processes never try the same one at once. Whoever takes one and
 * dies leaves it for the next due time, which is set here.
 */
export async function claimDueNotifications(
  executor: Executor,
  wall: Date,
  options: { limit: number; againAt: (tries: number) => Date },
): Promise<StoredNotification[]> {
  const due = await tables(executor)
    .selectFrom('payments_inbox')
    .select(['id', 'tries'])
    .where('next_try_at', '<=', wall)
    .orderBy('next_try_at')
    .orderBy('id')
    .limit(options.limit)
    .execute();
  const claimed: StoredNotification[] = [];
  for (const { id, tries } of due) {
    const row = await tables(executor)
      .updateTable('payments_inbox')
      .set({ tries: tries + 1, next_try_at: options.againAt(tries + 1) })
      .where('id', '=', id)
      .where('tries', '=', tries)
      .where('next_try_at', '<=', wall)
      .returning(columns)
      .executeTakeFirst();
    if (row) claimed.push(toStored(row));
  }
  return claimed;
}

export async function findNotification(
  executor: Executor,
  id: string,
): Promise<StoredNotification | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_inbox')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toStored(row);
}

export interface NotificationFilter {
  provider?: string | undefined;
  outcomes?: readonly InboxOutcome[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  before?: string | undefined;
  limit: number;
}

export type NotificationRow = Omit<StoredNotification, 'headers' | 'body' | 'claims' | 'query'>;

/** Notifications newest first, without what they say. */
export async function listNotificationRows(
  executor: Executor,
  { provider, outcomes, from, to, before, limit }: NotificationFilter,
): Promise<NotificationRow[]> {
  let query = tables(executor)
    .selectFrom('payments_inbox')
    .select(rowColumns)
    .orderBy('id', 'desc')
    .limit(limit);
  if (provider !== undefined) query = query.where('provider', '=', provider);
  if (outcomes !== undefined) query = query.where('outcome', 'in', outcomes);
  if (from !== undefined) query = query.where('received_at', '>=', from);
  if (to !== undefined) query = query.where('received_at', '<', to);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(toRow);
}

const rowColumns = [
  'id',
  'provider',
  'method',
  'address',
  'outcome',
  'reason',
  'verified_at',
  'deliveries',
  'tries',
  'is_cut',
  'received_at',
  'last_received_at',
  'next_try_at',
  'handled_at',
] as const;
const columns = [...rowColumns, 'query', 'headers', 'body', 'claims'] as const;

type Columns = InboxTables['payments_inbox'];

function toRow(row: Pick<Columns, (typeof rowColumns)[number]>): NotificationRow {
  const { id, provider, method, address, outcome, reason, deliveries, tries } = row;
  return {
    ...{ id, provider, method, address, outcome, reason, deliveries, tries },
    isVerified: row.verified_at !== null,
    isCut: row.is_cut,
    receivedAt: row.received_at,
    lastReceivedAt: row.last_received_at,
    nextTryAt: row.next_try_at,
    handledAt: row.handled_at,
  };
}

function toStored(row: Pick<Columns, (typeof columns)[number]>): StoredNotification {
  const { query, headers, body, claims } = row;
  return {
    ...toRow(row),
    ...{ query, headers, body },
    claims: claims === null ? null : (JSON.parse(claims) as Claims),
  };
}
