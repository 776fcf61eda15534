/** SQL about notices and their tellings. */
import type { HappeningName } from '@sluice/contract/happenings';
import type { NoticeChannel } from '@sluice/contract/organization-settings';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface Notice {
  id: string;
  happeningId: string;
  organizationId: string;
  /** Whom alone it is about. */
  userId: string | null;
  name: HappeningName;
  data: object;
  occurredAt: Date;
}

export type TellingStatus = 'queued' | 'sending' | 'sent' | 'skipped' | 'unclear';

/** Answers false for a happening that was heard before. */
export async function insertNotice(
  transaction: Transaction,
  notice: Notice & { heardAt: Date },
): Promise<boolean> {
  const inserted = await sql`
    insert into notices_notices
      (id, happening_id, organization_id, user_id, name, data, occurred_at, heard_at)
    values
      (${notice.id}, ${notice.happeningId}, ${notice.organizationId}, ${notice.userId}, ${notice.name},
       ${JSON.stringify(notice.data)}, ${notice.occurredAt}, ${notice.heardAt})
    on conflict (happening_id) do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

const noticeColumns = sql`
  n.id, n.happening_id as "happeningId", n.organization_id as "organizationId", n.user_id as "userId", n.name, n.data,
  n.occurred_at as "occurredAt"
`;

/**
 * A notice of which it is still to be decided whom it is told; one process decides.
 * @scope row: named by the job that heard of it.
 */
export async function lockUntold(
  transaction: Transaction,
  id: string,
): Promise<Notice | undefined> {
  const { rows } = await sql<Notice>`
    select ${noticeColumns}
    from notices_notices as n
    where n.id = ${id} and n.told_at is null
    for update
  `.execute(transaction);
  return rows[0];
}

/** @scope deployment: a job makes up for what another process has left. */
export async function findUntold(executor: Executor, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from notices_notices where told_at is null order by heard_at, id limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

/** @scope row: the transaction holds it. */
export async function markTold(transaction: Transaction, id: string, at: Date): Promise<void> {
  await sql`update notices_notices set told_at = ${at} where id = ${id}`.execute(transaction);
}

export interface NewTelling {
  id: string;
  noticeId: string;
  organizationId: string;
  channel: NoticeChannel;
  recipient: string;
  userId: string | null;
  /** Of a chat `queued`; what is in the app, or with delivery, has been told. */
  status: 'queued' | 'sent';
  messageId: string | null;
  at: Date;
}

export async function insertTelling(transaction: Transaction, telling: NewTelling): Promise<void> {
  const isQueued = telling.status === 'queued';
  await sql`
    insert into notices_tellings
      (id, notice_id, organization_id, channel, recipient, user_id, status, attempts, due_at, message_id,
       created_at, finished_at)
    values
      (${telling.id}, ${telling.noticeId}, ${telling.organizationId}, ${telling.channel}, ${telling.recipient},
       ${telling.userId}, ${telling.status}, ${isQueued ? 0 : 1}, ${isQueued ? telling.at : null},
       ${telling.messageId}, ${telling.at}, ${isQueued ? null : telling.at})
  `.execute(transaction);
}

export interface ClaimedTelling extends Notice {
  tellingId: string;
  recipient: string;
  /** The one that is beginning included. */
  attempts: number;
}

/**
 * Takes a telling for one try and says so before it is sent; nobody else takes it.
 * @scope row: named by a job.
 */
export async function claimTelling(
  executor: Executor,
  claim: { id: string; now: Date; until: Date },
): Promise<ClaimedTelling | undefined> {
  const { rows } = await sql<ClaimedTelling>`
    with t as (
      update notices_tellings
      set status = 'sending', attempts = attempts + 1, due_at = ${claim.until}
      where id = ${claim.id} and status = 'queued' and due_at <= ${claim.now}
      returning id, notice_id, recipient, attempts
    )
    select ${noticeColumns}, t.id as "tellingId", t.recipient, t.attempts
    from t
    join notices_notices as n on n.id = t.notice_id
  `.execute(executor);
  return rows[0];
}

/** @scope row: the job has claimed it. */
export async function postponeTelling(
  executor: Executor,
  telling: { id: string; dueAt: Date; detail: string },
): Promise<void> {
  await sql`
    update notices_tellings
    set status = 'queued', due_at = ${telling.dueAt}, detail = ${telling.detail}
    where id = ${telling.id} and status = 'sending'
  `.execute(executor);
}

/** @scope row: the job has claimed it. */
export async function finishTelling(
  executor: Executor,
  telling: {
    id: string;
    status: 'sent' | 'skipped' | 'unclear';
    detail: string | null;
    at: Date;
  },
): Promise<void> {
  await sql`
    update notices_tellings
    set status = ${telling.status}, due_at = null, detail = ${telling.detail}, finished_at = ${telling.at}
    where id = ${telling.id} and status = 'sending'
  `.execute(executor);
}

/** @scope deployment: a job sends what is due of all organizations. */
export async function findDueTellings(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from notices_tellings
    where due_at <= ${now} and status = 'queued'
    order by due_at, id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

/**
 * Tries whose process ended before it could say what came of them: they may have arrived.
 * @scope deployment: a job looks at all organizations' tellings.
 */
export async function giveUpUnclear(
  executor: Executor,
  { now, detail }: { now: Date; detail: string },
): Promise<number> {
  const given = await sql`
    update notices_tellings
    set status = 'unclear', due_at = null, detail = ${detail}, finished_at = ${now}
    where due_at <= ${now} and status = 'sending'
  `.execute(executor);
  return Number(given.numAffectedRows ?? 0n);
}

/** Tellings that wait for a chat which is no more. */
export async function skipTellingsTo(
  transaction: Transaction,
  to: { organizationId: string; recipient: string; detail: string; at: Date },
): Promise<void> {
  await sql`
    update notices_tellings
    set status = 'skipped', due_at = null, detail = ${to.detail}, finished_at = ${to.at}
    where organization_id = ${to.organizationId} and recipient = ${to.recipient} and status = 'queued'
  `.execute(transaction);
}

/** @scope deployment: a job clears away what is old. */
export async function deleteOldNotices(
  executor: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const removed = await sql`
    delete from notices_notices
    where id in (
      select id from notices_notices where heard_at < ${before} and told_at is not null limit ${limit}
    )
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}
