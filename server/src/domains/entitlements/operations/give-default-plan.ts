import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { findPlan } from '../../catalog/index.ts';
import { readSetting } from '../../settings/index.ts';
import { givePlan } from './give-plan.ts';

/** Gives a new organization the plan that the deployment begins with, where one is set and still offered. */
export async function giveDefaultPlan(
  context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const slug = await readSetting(transaction, 'default_plan');
  if (slug === null) return;
  const plan = await findPlan(transaction, slug);
  if (plan?.status !== 'active') {
    // Nobody is kept from signing up by a plan that was archived.
    context.log.warn({ plan: slug, organizationId }, 'the default plan is not offered');
    return;
  }
  await givePlan(context, transaction, {
    organizationId,
    planId: plan.id,
    startsAt: context.clocks.business(),
  });
}

/**
 * Lets only a plan that is offered become the default.
 * @throws Refusal `rule_violated`.
 */
export async function requireDefaultPlan(
  _context: Context,
  transaction: Transaction,
  { plan }: { plan: string | null },
): Promise<void> {
  if (plan === null || (await findPlan(transaction, plan))?.status === 'active') return;
  throw new Refusal('rule_violated', `There is no plan "${plan}" on offer: name another one.`, {
    param: 'default_plan',
  });
}
