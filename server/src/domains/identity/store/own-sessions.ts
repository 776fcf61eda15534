/** SQL about a person's own sessions. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { SignInMethod } from '../core/people.ts';
import type { EndReason } from './sessions.ts';

export interface OwnSession {
  id: string;
  ip: string | null;
  userAgent: string | null;
  method: SignInMethod;
  hasSecondFactor: boolean;
  createdAt: Date;
  /** When its tokens were last renewed, which an open page does every quarter of an hour. */
  lastSeenAt: Date;
  expiresAt: Date;
}

/** Open sessions of a person, the last seen first. */
export async function findOwnSessions(
  executor: Executor,
  page: { userId: string; now: Date; limit: number },
): Promise<OwnSession[]> {
  const { rows } = await sql<OwnSession>`
    select s.id, s.ip, s.user_agent as "userAgent", s.method, s.has_second_factor as "hasSecondFactor",
      s.created_at as "createdAt", t.seen as "lastSeenAt", least(s.expires_at, t.until) as "expiresAt"
    from identity_sessions as s
    cross join lateral (
      select max(created_at) as seen, max(expires_at) as until
      from identity_refresh_tokens
      where session_id = s.id
    ) as t
    where s.user_id = ${page.userId} and s.ended_at is null and s.expires_at > ${page.now} and t.until > ${page.now}
    order by t.seen desc, s.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Ends a session of that person; answers false where there is no such open one. */
export async function endOwnSession(
  transaction: Transaction,
  session: { id: string; userId: string; reason: EndReason; at: Date },
): Promise<boolean> {
  const ended = await sql`
    update identity_sessions
    set ended_at = ${session.at}, end_reason = ${session.reason}
    where id = ${session.id} and user_id = ${session.userId} and ended_at is null
  `.execute(transaction);
  return ended.numAffectedRows === 1n;
}

/** Ends every session of a person but one; answers how many. */
export async function endSessionsBut(
  transaction: Transaction,
  sessions: { userId: string; sessionId: string; reason: EndReason; at: Date },
): Promise<number> {
  const ended = await sql`
    update identity_sessions
    set ended_at = ${sessions.at}, end_reason = ${sessions.reason}
    where user_id = ${sessions.userId} and id <> ${sessions.sessionId} and ended_at is null
  `.execute(transaction);
  return Number(ended.numAffectedRows ?? 0n);
}

/** The session has shown a second factor, later than at its beginning. */
export async function markSecondFactor(transaction: Transaction, sessionId: string): Promise<void> {
  await sql`
    update identity_sessions
    set has_second_factor = true
    where id = ${sessionId}
  `.execute(transaction);
}
