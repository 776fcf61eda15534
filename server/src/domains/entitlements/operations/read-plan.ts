import type { Context } from '../../../platform/context.ts';
import { findOrganizationPlan, type OrganizationPlan } from '../plans-store.ts';

/** The plan that an organization has now; undefined where it has none, or where it has ended. */
export async function readPlan(
  context: Context,
  organizationId: string,
): Promise<OrganizationPlan | undefined> {
  const plan = await findOrganizationPlan(context.database, organizationId);
  if (!plan || (plan.endsAt !== null && plan.endsAt <= context.clocks.business())) return undefined;
  return plan;
}
