/** SQL about sessions, their refresh tokens, and the keys that sign access tokens. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { MemberRole, PlatformRole, SignInMethod } from '../core/people.ts';
import type { SecurityRules } from '../core/session-rules.ts';

export type EndReason =
  | 'logout'
  | 'reuse'
  | 'password_reset'
  | 'suspended'
  | 'ended_by_user'
  | 'password_changed'
  | 'email_changed'
  | 'account_deleted'
  | 'ended_by_operator';

export interface NewSession {
  id: string;
  userId: string;
  ip: string | null;
  userAgent: string | null;
  createdAt: Date;
  expiresAt: Date;
  /** The only one that it is for; null: all of the person's. */
  organizationId: string | null;
  method: SignInMethod;
  hasSecondFactor: boolean;
}

export async function insertSession(transaction: Transaction, session: NewSession): Promise<void> {
  await sql`
    insert into identity_sessions
      (id, user_id, ip, user_agent, created_at, expires_at, organization_id, method, has_second_factor)
    values
      (${session.id}, ${session.userId}, ${session.ip}, ${session.userAgent}, ${session.createdAt}, ${session.expiresAt},
       ${session.organizationId}, ${session.method}, ${session.hasSecondFactor})
  `.execute(transaction);
}

export async function insertRefreshToken(
  transaction: Transaction,
  token: { hash: string; sessionId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into identity_refresh_tokens (hash, session_id, created_at, expires_at)
    values (${token.hash}, ${token.sessionId}, ${token.createdAt}, ${token.expiresAt})
  `.execute(transaction);
}

export interface RefreshTokenRow {
  sessionId: string;
  userId: string;
  usedAt: Date | null;
  expiresAt: Date;
  sessionEndedAt: Date | null;
  sessionExpiresAt: Date;
}

/** Finds a token and locks its session: the family rotates one step at a time. */
export async function lockRefreshToken(
  transaction: Transaction,
  hash: string,
): Promise<RefreshTokenRow | undefined> {
  const { rows: sessions } = await sql<{ id: string }>`
    select s.id
    from identity_sessions as s
    where s.id = (select session_id from identity_refresh_tokens where hash = ${hash})
    for update
  `.execute(transaction);
  if (sessions.length === 0) return undefined;
  const { rows } = await sql<RefreshTokenRow>`
    select t.session_id as "sessionId", s.user_id as "userId", t.used_at as "usedAt", t.expires_at as "expiresAt",
      s.ended_at as "sessionEndedAt", s.expires_at as "sessionExpiresAt"
    from identity_refresh_tokens as t
    join identity_sessions as s on s.id = t.session_id
    where t.hash = ${hash}
  `.execute(transaction);
  return rows[0];
}

export async function findTokenUse(
  executor: Executor,
  hash: string,
): Promise<{ usedAt: Date | null } | undefined> {
  const { rows } = await sql<{ usedAt: Date | null }>`
    select used_at as "usedAt"
    from identity_refresh_tokens
    where hash = ${hash}
  `.execute(executor);
  return rows[0];
}

export async function markTokenUsed(
  transaction: Transaction,
  hash: string,
  at: Date,
): Promise<void> {
  await sql`
    update identity_refresh_tokens
    set used_at = ${at}
    where hash = ${hash}
  `.execute(transaction);
}

/** Whether the person signed in before, ever and from this device at this address. */
export async function findEarlierSignIns(
  executor: Executor,
  device: { userId: string; ip: string | null; userAgent: string | null },
): Promise<{ ever: boolean; fromThisDevice: boolean }> {
  const { rows } = await sql<{ ever: boolean; fromThisDevice: boolean }>`
    select
      exists (select 1 from identity_sessions where user_id = ${device.userId}) as ever,
      exists (
        select 1
        from identity_sessions
        where user_id = ${device.userId}
          and coalesce(ip, '') = ${device.ip ?? ''}
          and coalesce(user_agent, '') = ${device.userAgent ?? ''}
      ) as "fromThisDevice"
  `.execute(executor);
  return rows[0] ?? { ever: false, fromThisDevice: false };
}

/** Ends a session; answers false where it had ended already. */
export async function endSession(
  transaction: Transaction,
  session: { id: string; reason: EndReason; at: Date },
): Promise<boolean> {
  const ended = await sql`
    update identity_sessions
    set ended_at = ${session.at}, end_reason = ${session.reason}
    where id = ${session.id} and ended_at is null
  `.execute(transaction);
  return ended.numAffectedRows === 1n;
}

/** Ends every session of a person; answers how many. */
export async function endSessionsOf(
  transaction: Transaction,
  sessions: { userId: string; reason: EndReason; at: Date },
): Promise<number> {
  const ended = await sql`
    update identity_sessions
    set ended_at = ${sessions.at}, end_reason = ${sessions.reason}
    where user_id = ${sessions.userId} and ended_at is null
  `.execute(transaction);
  return Number(ended.numAffectedRows ?? 0n);
}

export interface SessionAccess {
  userStatus: 'active' | 'suspended';
  platformRole: PlatformRole;
  endedAt: Date | null;
  expiresAt: Date;
  method: SignInMethod;
  hasSecondFactor: boolean;
  startedAt: Date;
  /** Null where the person is no member of the organization that was asked for. */
  organizationId: string | null;
  role: MemberRole | null;
  rolePermissions: string[] | null;
  platformRolePermissions: string[] | null;
  /** What the organization asks of sessions; null: nothing. */
  rules: SecurityRules | null;
}

/**
 * What a session may do now, in the organization or, where none is named, in the person's own.
 * @scope person: finds out which organization a session may act in.
 */
export async function findSessionAccess(
  executor: Executor,
  session: { id: string; userId: string; organizationId: string | undefined },
): Promise<SessionAccess | undefined> {
  const wanted = session.organizationId ?? null;
  const { rows } = await sql<SessionAccess>`
    select u.status as "userStatus", u.platform_role as "platformRole", s.ended_at as "endedAt",
      s.expires_at as "expiresAt", s.method, s.has_second_factor as "hasSecondFactor", s.created_at as "startedAt",
      m.organization_id as "organizationId", m.role, r.permissions as "rolePermissions",
      pr.permissions as "platformRolePermissions",
      case when ss.organization_id is not null then jsonb_build_object(
        'requireSecondFactor', ss.require_second_factor, 'signInMethods', to_jsonb(ss.sign_in_methods),
        'sessionHours', ss.session_hours, 'ipAllowlist', to_jsonb(ss.ip_allowlist)
      ) end as rules
    from identity_sessions as s
    join identity_users as u on u.id = s.user_id
    left join identity_organizations as o
      on case
        when s.organization_id is not null then o.id = s.organization_id and o.id = coalesce(${wanted}, o.id)
        else o.id = ${wanted} or (${wanted}::text is null and o.personal_user_id = u.id)
      end
    left join identity_members as m on m.organization_id = o.id and m.user_id = u.id
    left join identity_roles as r on r.organization_id = m.organization_id and r.id = m.role_id
    left join identity_platform_roles as pr on pr.id = u.platform_role_id
    left join identity_security_settings as ss on ss.organization_id = m.organization_id
    where s.id = ${session.id} and s.user_id = ${session.userId}
  `.execute(executor);
  return rows[0];
}

/** Removes sessions that ran out before the instant, with their tokens; answers how many. */
export async function deleteExpiredSessions(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from identity_sessions
    where expires_at < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}

export interface SigningKeyRow {
  id: string;
  publicJwk: Record<string, unknown>;
  sealedPrivateKey: string;
  isCurrent: boolean;
}

/** Every key whose tokens may still be in use, the current one first. */
export async function findSigningKeys(executor: Executor): Promise<SigningKeyRow[]> {
  const { rows } = await sql<SigningKeyRow>`
    select id, public_jwk as "publicJwk", sealed_private_key as "sealedPrivateKey", is_current as "isCurrent"
    from identity_signing_keys
    order by is_current desc, created_at desc
    limit 10
  `.execute(executor);
  return rows;
}

/** Keeps the first current key: of two processes that make one, the slower finds the other's. */
export async function insertSigningKey(
  executor: Executor,
  key: Omit<SigningKeyRow, 'isCurrent'> & { createdAt: Date },
): Promise<void> {
  await sql`
    insert into identity_signing_keys (id, public_jwk, sealed_private_key, is_current, created_at)
    values (${key.id}, ${JSON.stringify(key.publicJwk)}::jsonb, ${key.sealedPrivateKey}, true, ${key.createdAt})
    on conflict (is_current) where is_current do nothing
  `.execute(executor);
}
