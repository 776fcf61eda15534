import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { add, isPositive, type Ratio, subtract, sum } from '../../../platform/ratio.ts';
import {
  chargesOf,
  findPlanVersion,
  priceOf as offeredPrice,
  rateCharge,
} from '../../catalog/index.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { usageForPricing, usageInPeriod } from '../../metering/index.ts';
import type { Period } from '../core/period.ts';
import { commitmentLine } from '../core/plan-lines.ts';
import type { Subscription } from '../core/record.ts';
import { type MeterAmount, priceOf } from '../core/subscription.ts';
import { usageLines } from '../core/usage-lines.ts';

/** What the use of an ended period costs beside its price, and what is missing to what was promised. */
export async function ratePeriod(
  executor: Executor,
  { organizationId, state }: Subscription,
  period: Period,
): Promise<NewLine[]> {
  const { terms, timeZone } = state;
  const plan = await findPlanVersion(executor, terms.planId, terms.version);
  invariant(plan, `version ${terms.version} of plan ${terms.planId} is kept`);
  const { currency, cycle } = terms;
  const used = await Promise.all(
    chargesOf(plan.offer, currency).map(async (offered) => ({
      name: offered.name,
      charge: offered.charge,
      rated: rateCharge(
        offered.charge,
        await usageForPricing(
          await usageInPeriod(executor, { organizationId, meterId: offered.meterId, ...period }),
          offered.charge.pricing,
        ),
      ),
    })),
  );
  const lines = usageLines(used, { period, timeZone, currency });
  const commitment = offeredPrice(plan.offer, { cycle, currency })?.minimumCommitment;
  if (!commitment || state.status === 'trialing') return lines;
  const spent = add(priceOf(terms), sum(lines.map(({ amount }) => amount)));
  const missing: Ratio = subtract(commitment, spent);
  return isPositive(missing)
    ? [...lines, commitmentLine(terms, { commitment, missing }, { period, timeZone })]
    : lines;
}

/** What was used of the meters that the price pays for, in their units, since the period began. */
export async function usedSince(
  executor: Executor,
  { organizationId, state }: Subscription,
  to: Date,
): Promise<MeterAmount[]> {
  const { from } = state.period;
  if (to <= from) return [];
  return Promise.all(
    state.terms.included.map(async ({ meterId }) => ({
      meterId,
      amount: (await usageInPeriod(executor, { organizationId, meterId, from, to })).quantity,
    })),
  );
}
