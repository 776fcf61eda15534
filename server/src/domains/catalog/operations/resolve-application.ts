import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { findApplication, findApplicationBySlug } from '../../identity/index.ts';

/** Of whom something in the catalog is: an application, or the deployment. */
export interface Owner {
  applicationId: string | null;
  applicationSlug: string | null;
}

/**
 * Finds the application that a request names by id or slug; the deployment where it names none.
 * @throws Refusal `rule_violated` for an application that does not exist.
 */
export async function resolveOwner(
  executor: Executor,
  name: string | null | undefined,
): Promise<Owner> {
  if (name === null || name === undefined) return { applicationId: null, applicationSlug: null };
  const found = name.startsWith('app_')
    ? await findApplication(executor, name)
    : await findApplicationBySlug(executor, name);
  if (found) return { applicationId: found.id, applicationSlug: found.slug };
  throw new Refusal('rule_violated', `There is no application "${name}": register it first.`, {
    param: 'application',
  });
}
