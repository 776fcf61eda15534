/** SQL of what applications call their customers. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

/** An organization, and a person in it where that is known. */
export interface Subject {
  organizationId: string;
  userId: string | null;
}

/** @scope caller: an application names its own customers. */
export async function findSubject(
  executor: Executor,
  applicationId: string,
  externalId: string,
): Promise<Subject | undefined> {
  const { rows } = await sql<Subject>`
    select organization_id as "organizationId", user_id as "userId"
    from identity_subjects
    where application_id = ${applicationId}
      and external_id = ${externalId}
  `.execute(executor);
  return rows[0];
}

/** With the name it has there. */
export interface NamedSubject extends Subject {
  externalId: string;
  createdAt: Date;
}

interface SubjectName {
  applicationId: string;
  externalId: string;
}

const columns = sql`
  s.external_id as "externalId", s.organization_id as "organizationId", s.user_id as "userId",
  s.created_at as "createdAt"
`;

/** Makes others that register the same name wait, for the name may not be there yet to be locked. */
export async function lockSubjectName(
  transaction: Transaction,
  { applicationId, externalId }: SubjectName,
): Promise<NamedSubject | undefined> {
  const name = `identity_subjects:${applicationId}:${externalId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
  return findNamedSubject(transaction, { applicationId, externalId });
}

/** @scope caller: an application names its own customers. */
export async function findNamedSubject(
  executor: Executor,
  { applicationId, externalId }: SubjectName,
): Promise<NamedSubject | undefined> {
  const { rows } = await sql<NamedSubject>`
    select ${columns}
    from identity_subjects as s
    where s.application_id = ${applicationId} and s.external_id = ${externalId}
  `.execute(executor);
  return rows[0];
}

export async function saveSubject(
  transaction: Transaction,
  subject: NamedSubject & SubjectName,
): Promise<void> {
  await sql`
    insert into identity_subjects (application_id, external_id, organization_id, user_id, created_at)
    values
      (${subject.applicationId}, ${subject.externalId}, ${subject.organizationId}, ${subject.userId},
       ${subject.createdAt})
    on conflict (application_id, external_id) do update
    set organization_id = excluded.organization_id, user_id = excluded.user_id
  `.execute(transaction);
}

/** @scope caller: an application names its own customers. */
export async function deleteSubject(
  transaction: Transaction,
  { applicationId, externalId }: SubjectName,
): Promise<void> {
  await sql`
    delete from identity_subjects
    where application_id = ${applicationId} and external_id = ${externalId}
  `.execute(transaction);
}

/**
 * What an application calls its customers, by that name.
 * @scope caller: an application names its own customers.
 */
export async function findSubjects(
  executor: Executor,
  page: { applicationId: string; after: string | undefined; limit: number },
): Promise<NamedSubject[]> {
  const { rows } = await sql<NamedSubject>`
    select ${columns}
    from identity_subjects as s
    where s.application_id = ${page.applicationId}
      and (${page.after ?? null}::text is null or s.external_id > ${page.after ?? null})
    order by s.external_id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}
