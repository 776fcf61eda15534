/** SQL of what applications call their customers. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

/** An organization, and a person in it where that is known. */
export interface Subject {
  organizationId: string;
  userId: string | null;
}

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
