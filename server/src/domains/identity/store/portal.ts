/** SQL of links into the portal and of the guests who come by them. */
import type { PortalPage } from '@sluice/contract/portal-sessions';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Locale } from '../core/people.ts';

export interface Guest {
  id: string;
  organizationId: string;
  /** No mail goes there. */
  email: string;
  name: string;
  locale: Locale;
  createdAt: Date;
}

/** Adds an organization's guest with the role of who pays, or finds the one that is there; answers their id. */
export async function ensureGuest(transaction: Transaction, guest: Guest): Promise<string> {
  await sql`
    insert into identity_users
      (id, email, name, locale, platform_role, status, password_hash, guest_of, created_at)
    values
      (${guest.id}, ${guest.email}, ${guest.name}, ${guest.locale}, 'user', 'active', '', ${guest.organizationId},
       ${guest.createdAt})
    on conflict (guest_of) where guest_of is not null do update
    set name = excluded.name, locale = excluded.locale
  `.execute(transaction);
  const { rows } = await sql<{ id: string }>`
    select id from identity_users where guest_of = ${guest.organizationId}
  `.execute(transaction);
  const id = rows[0]?.id ?? guest.id;
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    values (${guest.organizationId}, ${id}, 'billing', ${guest.createdAt})
    on conflict do nothing
  `.execute(transaction);
  return id;
}

/** Whether the application has named a customer of this organization. */
export async function hasSubject(
  executor: Executor,
  { applicationId, organizationId }: { applicationId: string; organizationId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select 1
    from identity_subjects
    where application_id = ${applicationId} and organization_id = ${organizationId}
    limit 1
  `.execute(executor);
  return rows.length > 0;
}

export interface PortalLink {
  applicationId: string;
  organizationId: string;
  userId: string;
  page: PortalPage;
  returnUrl: string | null;
}

export async function insertPortalLink(
  transaction: Transaction,
  link: PortalLink & { hash: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into identity_portal_links
      (hash, application_id, organization_id, user_id, page, return_url, created_at, expires_at)
    values
      (${link.hash}, ${link.applicationId}, ${link.organizationId}, ${link.userId}, ${link.page}, ${link.returnUrl},
       ${link.createdAt}, ${link.expiresAt})
  `.execute(transaction);
}

/**
 * Uses a link up; undefined where it is unknown, used or too old.
 * @scope secret: whoever has the link may open it, once.
 */
export async function consumePortalLink(
  transaction: Transaction,
  { hash, now }: { hash: string; now: Date },
): Promise<PortalLink | undefined> {
  const { rows } = await sql<PortalLink>`
    update identity_portal_links
    set used_at = ${now}
    where hash = ${hash} and used_at is null and expires_at > ${now}
    returning application_id as "applicationId", organization_id as "organizationId", user_id as "userId", page,
      return_url as "returnUrl"
  `.execute(transaction);
  return rows[0];
}

/**
 * Removes links that ran out before the instant.
 * @scope job: forgets what is old, of every customer.
 */
export async function deleteOldPortalLinks(executor: Executor, before: Date): Promise<void> {
  await sql`delete from identity_portal_links where expires_at < ${before}`.execute(executor);
}
