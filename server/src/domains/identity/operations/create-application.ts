import type { Context } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { keyringChannel } from '../keyring.ts';
import {
  type Application,
  insertApplication,
  lockApplication,
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

/** What is left out stays as it is. */
export interface ApplicationChange {
  id: string;
  name?: string | undefined;
  description?: string | null | undefined;
  status?: Application['status'] | undefined;
}

/**
 * Renames an application, archives it (its keys are refused) or takes it back; its slug never changes.
 * @throws Refusal `not_found`.
 */
export async function updateApplication(
  context: Context,
  transaction: Transaction,
  { id, ...changes }: ApplicationChange,
): Promise<Application> {
  const before = await lockApplication(transaction, id);
  if (!before) throw notFound('application');
  const after: Application = {
    ...before,
    name: changes.name ?? before.name,
    description: changes.description === undefined ? before.description : changes.description,
    status: changes.status ?? before.status,
  };
  await updateApplicationRow(transaction, after, context.clocks.business());
  await notify(transaction, keyringChannel, id);
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
