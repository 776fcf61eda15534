/** SQL of lists: what somebody was told in the app, and what became of tellings. */
import type { HappeningName } from '@sluice/contract/happenings';
import type { NoticeChannel } from '@sluice/contract/organization-settings';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { TellingStatus } from './store.ts';

interface Reader {
  organizationId: string;
  userId: string;
}

export interface NoticeRow {
  /** Of the telling: what is read is somebody's own. */
  id: string;
  name: HappeningName;
  data: object;
  occurredAt: Date;
  readAt: Date | null;
}

export async function listNoticeRows(
  executor: Executor,
  page: Reader & { isUnread: boolean; before: string | undefined; limit: number },
): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select t.id, n.name, n.data, n.occurred_at as "occurredAt", t.read_at as "readAt"
    from notices_tellings as t
    join notices_notices as n on n.id = t.notice_id
    where t.channel = 'app' and t.user_id = ${page.userId} and t.organization_id = ${page.organizationId}
      and (not ${page.isUnread} or t.read_at is null)
      and (${page.before ?? null}::text is null or t.id < ${page.before ?? null})
    order by t.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** No further than `max`. */
export async function countUnread(
  executor: Executor,
  { organizationId, userId, max }: Reader & { max: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from (
      select 1
      from notices_tellings
      where channel = 'app' and read_at is null and user_id = ${userId} and organization_id = ${organizationId}
      limit ${max}
    ) as unread
  `.execute(executor);
  return rows[0]?.count ?? 0;
}

/** One, or all of them; answers how many of those there are, read before or not. */
export async function markRead(
  executor: Executor,
  { organizationId, userId, id, at }: Reader & { id: string | null; at: Date },
): Promise<number> {
  const marked = await sql`
    update notices_tellings
    set read_at = coalesce(read_at, ${at})
    where channel = 'app' and user_id = ${userId} and organization_id = ${organizationId}
      and (${id}::text is null and read_at is null or id = ${id})
  `.execute(executor);
  return Number(marked.numAffectedRows ?? 0n);
}

export interface TellingRow {
  id: string;
  noticeId: string;
  organizationId: string;
  name: HappeningName;
  channel: NoticeChannel;
  userId: string | null;
  /** Of the chat, as long as it is connected. */
  chat: string | null;
  status: TellingStatus;
  attempts: number;
  detail: string | null;
  messageId: string | null;
  createdAt: Date;
  dueAt: Date | null;
  finishedAt: Date | null;
}

/** @scope deployment: operators list all; a customer's list names the organization. */
export async function listTellingRows(
  executor: Executor,
  page: {
    organizationId: string | undefined;
    status: TellingStatus | undefined;
    channel: NoticeChannel | undefined;
    before: string | undefined;
    limit: number;
  },
): Promise<TellingRow[]> {
  const { organizationId = null, status = null, channel = null, before = null, limit } = page;
  const { rows } = await sql<TellingRow>`
    select t.id, t.notice_id as "noticeId", t.organization_id as "organizationId", n.name, t.channel,
      t.user_id as "userId", d.name as chat, t.status, t.attempts, t.detail, t.message_id as "messageId",
      t.created_at as "createdAt", t.due_at as "dueAt", t.finished_at as "finishedAt"
    from notices_tellings as t
    join notices_notices as n on n.id = t.notice_id
    left join notices_destinations as d on d.id = t.recipient and d.organization_id = t.organization_id
    where (${organizationId}::text is null or t.organization_id = ${organizationId})
      and (${status}::text is null or t.status = ${status})
      and (${channel}::text is null or t.channel = ${channel})
      and (${before}::text is null or t.id < ${before})
    order by t.id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}
