import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  type Application,
  findApplication,
  insertApplication,
  updateApplicationRow,
} from '../store/applications.ts';

/**
 * Registers an application.
 * @throws Refusal `already_exists` for a slug that is taken.
 */
export async function createApplication(
  context: Context,
  transaction: Transaction,
  { slug, name, description }: Pick<Application, 'slug' | 'name' | 'description'>,
): Promise<Application> {
  const now = context.clocks.business();
  const application: Application = {
    id: newId('app', now),
    slug,
    name,
    description,
    status: 'active',
    createdAt: now,
  };
  if (!(await insertApplication(transaction, application))) {
    throw new Refusal('already_exists', `There is an application "${slug}": choose another slug.`, {
      param: 'slug',
    });
  }
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'application.create',
    resource: { kind: 'application', id: application.id },
    newValues: auditValues(application),
  });
  return application;
}

/**
 * Renames an application, archives it or takes it back; its slug never changes.
 * @throws Refusal `not_found`.
 */
export async function updateApplication(
  context: Context,
  transaction: Transaction,
  {
    id,
    ...changes
  }: Pick<Application, 'id'> & Partial<Omit<Application, 'id' | 'slug' | 'createdAt'>>,
): Promise<Application> {
  const before = await findApplication(transaction, id);
  if (!before) throw notFound('application');
  const after: Application = { ...before, ...changes };
  await updateApplicationRow(transaction, after, context.clocks.business());
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'application.update',
    resource: { kind: 'application', id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

function auditValues({ slug, name, description, status }: Application): Record<string, unknown> {
  return { slug, name, description, status };
}
