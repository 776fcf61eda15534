import type { Executor } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { findOrganization } from '../../identity/index.ts';

/**
 * The organization that buys.
 * @throws Refusal `organization_suspended`: it may settle what it owes through an operator, but buy nothing.
 */
export async function requireCustomer(
  executor: Executor,
  organizationId: string,
): Promise<{ id: string; timeZone: string }> {
  const organization = await findOrganization(executor, organizationId);
  if (!organization) throw notFound('organization', 'organization');
  if (organization.status !== 'suspended') return organization;
  throw new Refusal(
    'organization_suspended',
    'This organization is suspended: ask the operator to lift that before you buy.',
  );
}
