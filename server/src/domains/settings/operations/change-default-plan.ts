import { type Context, inTransaction } from '../../../platform/context.ts';
import { defaultPlanChanged } from '../events.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

/**
 * Sets the plan that new organizations get, by slug; null for none, undefined leaves it. Answers the one in force.
 * @throws Refusal `rule_violated` for a plan that is not on offer.
 */
export async function changeDefaultPlan(
  context: Context,
  plan: string | null | undefined,
): Promise<string | null> {
  return inTransaction(context, async (transaction) => {
    if (plan !== undefined) {
      await writeSetting(context, transaction, 'default_plan', plan);
      await context.events.announce(context, transaction, defaultPlanChanged, { plan });
    }
    return readSetting(transaction, 'default_plan');
  });
}
