/**
 * SQL by which operators find people and organizations. What they type is looked for in indexes of grams (see the
 * migration): any three signs in a row, one or two of Chinese, or the first one or two of a word.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';
import { idAt } from '../../../platform/ids.ts';
import type { Organization, User } from '../core/people.ts';
import { organizationColumns } from './organizations.ts';
import { userColumns } from './users.ts';

interface SearchPage {
  /** Part of what it is called, or a whole id. */
  q?: string | undefined;
  createdFrom?: Date | undefined;
  createdTo?: Date | undefined;
  /** Only ids below this one. */
  before?: string | undefined;
  limit: number;
}

export interface UserSearch extends SearchPage {
  status?: User['status'] | undefined;
  /** On the deployment. */
  role?: string | undefined;
}

export interface OrganizationSearch extends SearchPage {
  status?: Organization['status'] | undefined;
  /** Only among these: what another domain knows of them. */
  among?: readonly string[] | undefined;
}

/**
 * People, the newest first.
 * @scope deployment: operators search everybody.
 */
export async function findUsers(executor: Executor, search: UserSearch): Promise<User[]> {
  const filters = allOf([
    sql`u.guest_of is null`,
    search.status && sql`u.status = ${search.status}`,
    search.role && sql`u.platform_role = ${search.role}`,
    ...inPage(sql`u.id`, 'usr', search),
  ]);
  const found =
    search.q === undefined
      ? filters
      : sql`u.id in (
          (select u.id from identity_users as u
           where ${says(userText, search.q)} and ${filters}
           order by u.id desc
           limit ${search.limit})
          union all
          (select u.id from identity_users as u where u.id = ${search.q} and ${filters})
        )`;
  const { rows } = await sql<User>`
    select ${userColumns}
    from identity_users as u
    where ${found}
    order by u.id desc
    limit ${search.limit}
  `.execute(executor);
  return rows;
}

/**
 * Organizations by what they or their members are called, the newest first.
 * @scope deployment: operators search every customer.
 */
export async function findOrganizations(
  executor: Executor,
  search: OrganizationSearch,
): Promise<Organization[]> {
  const filters = allOf([
    search.status && sql`o.status = ${search.status}`,
    search.among && sql`o.id = any(${[...search.among]}::text[])`,
    ...inPage(sql`o.id`, 'org', search),
  ]);
  const named =
    search.q === undefined
      ? filters
      : sql`o.id in (
          (select o.id from identity_organizations as o
           where ${says(sql`o.name`, search.q)} and ${filters}
           order by o.id desc
           limit ${search.limit})
          union all
          (select o.id from identity_users as u
           join identity_members as m on m.user_id = u.id
           join identity_organizations as o on o.id = m.organization_id
           where ${says(userText, search.q)} and ${filters}
           order by o.id desc
           limit ${search.limit})
          union all
          (select o.id from identity_organizations as o where o.id = ${search.q} and ${filters})
        )`;
  const { rows } = await sql<Organization>`
    select ${organizationColumns}
    from identity_organizations as o
    where ${named}
    order by o.id desc
    limit ${search.limit}
  `.execute(executor);
  return rows;
}

export interface FoundKey {
  id: string;
  organizationId: string;
  name: string;
  prefix: string;
  revokedAt: Date | null;
  expiresAt: Date | null;
}

/**
 * Keys by what is shown of their secret, or by id.
 * @scope deployment: operators search every customer.
 */
export async function findKeysNamed(
  executor: Executor,
  { q, limit }: { q: string; limit: number },
): Promise<FoundKey[]> {
  const { rows } = await sql<FoundKey>`
    select id, organization_id as "organizationId", name, prefix, revoked_at as "revokedAt", expires_at as "expiresAt"
    from identity_api_keys
    where prefix = ${q} or id = ${q}
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

export interface FoundSubject {
  externalId: string;
  organizationId: string;
  userId: string | null;
  application: string;
}

/**
 * What applications call their customers, by the whole of it.
 * @scope deployment: operators search every customer.
 */
export async function findSubjectsNamed(
  executor: Executor,
  { q, limit }: { q: string; limit: number },
): Promise<FoundSubject[]> {
  const { rows } = await sql<FoundSubject>`
    select s.external_id as "externalId", s.organization_id as "organizationId", s.user_id as "userId",
      a.name as application
    from identity_subjects as s
    join identity_applications as a on a.id = s.application_id
    where s.external_id = ${q}
    order by a.slug
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** As the index says it, to the letter. */
const userText = sql`u.email || E'\\n' || coalesce(u.name, '') || E'\\n' || coalesce(u.username, '')`;

/** Holds what is looked for: the grams find where it may be, the text itself decides. */
function says(text: RawBuilder<unknown>, q: string): RawBuilder<unknown> {
  return sql`identity_grams(${text}) @> identity_grams_of_query(${q}::text)
    and strpos(identity_folded(${text}), identity_folded(${q}::text)) > 0`;
}

/** Ids sort by the instant in them. */
function inPage(id: RawBuilder<unknown>, prefix: string, page: SearchPage) {
  return [
    page.createdFrom && sql`${id} >= ${idAt(prefix, page.createdFrom)}`,
    page.createdTo && sql`${id} < ${idAt(prefix, page.createdTo)}`,
    page.before && sql`${id} < ${page.before}`,
  ];
}

function allOf(conditions: readonly (RawBuilder<unknown> | '' | undefined)[]) {
  const given = conditions.filter((condition) => condition !== undefined && condition !== '');
  return given.length === 0 ? sql`true` : sql.join(given, sql` and `);
}
