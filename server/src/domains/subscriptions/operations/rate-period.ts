import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { add, isPositive, subtract, sum, zero } from '../../../platform/ratio.ts';
import {
  chargesOf,
  difference,
  findPlanVersion,
  priceOf as offeredPrice,
  type PlanVersion,
  rateCharge,
} from '../../catalog/index.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { usageForPricing, usageInPeriod } from '../../metering/index.ts';
import type { Period } from '../core/period.ts';
import { commitmentLine } from '../core/plan-lines.ts';
import { invoicedLines, type Progress } from '../core/progress.ts';
import type { RatedPeriod, Subscription } from '../core/record.ts';
import { priceOf } from '../core/subscription.ts';
import { lateUsageLines, type UsedCharge, usageLines } from '../core/usage-lines.ts';
import { findProgress } from '../progress-store.ts';
import { findRatedBefore, saveRatedPeriod } from '../rated-store.ts';

export interface PeriodRating {
  lines: NewLine[];
  /** What is to be kept with the invoice of these lines, so that late use is billed as a difference. */
  rated: readonly RatedPeriod[];
}

/**
 * What the use of an ended period costs beside its price, what is missing to what was promised, and what was reported
 * late of the period before. Rated over all of a period's use, whenever it is asked: what was billed before is taken off.
 */
export async function ratePeriod(
  executor: Executor,
  { id, organizationId, state }: Subscription,
  period: Period,
): Promise<PeriodRating> {
  const { terms, timeZone } = state;
  const { currency, cycle, planId, version } = terms;
  const plan = await requireVersion(executor, planId, version);
  const used = await rateCharges(executor, plan, { organizationId, currency, period });
  const own = usageLines(used, { period, timeZone, currency });
  const amounts = used.map(({ rated }) => rated.amount);
  const progress = await findProgress(executor, { subscriptionId: id, from: period.from });
  const late = await rateLate(executor, { id, organizationId, timeZone, period });
  const missing = missingTo(plan, { cycle, currency }, add(priceOf(terms), sumOf(own)));
  return {
    lines: [
      ...late.lines,
      ...own,
      ...(progress ? await invoicedSoFar(executor, progress, timeZone) : []),
      ...(missing ? [commitmentLine(terms, missing, { period, timeZone })] : []),
    ],
    rated: [...late.rated, { period, planId, version, currency, amounts }],
  };
}

/** Each charge over the use of a part of a period, whatever was invoiced of it. */
export async function rateUse(
  executor: Executor,
  { organizationId, state: { terms } }: Subscription,
  period: Period,
): Promise<UsedCharge[]> {
  const { currency, planId, version } = terms;
  const plan = await requireVersion(executor, planId, version);
  return rateCharges(executor, plan, { organizationId, currency, period });
}

/** By the names of the version that it was invoiced under: the plan may have been changed within the period. */
async function invoicedSoFar(
  executor: Executor,
  progress: Progress,
  timeZone: string,
): Promise<NewLine[]> {
  const { offer } = await requireVersion(executor, progress.planId, progress.version);
  const names = chargesOf(offer, progress.currency).map(({ name }) => name);
  return invoicedLines(names, progress, timeZone);
}

/** Keeps what was billed, in the transaction that bills it. */
export async function keepRated(
  executor: Executor,
  { id }: Subscription,
  rated: readonly RatedPeriod[],
): Promise<void> {
  for (const period of rated) {
    if (period.amounts.length > 0)
      await saveRatedPeriod(executor, { subscriptionId: id, rated: period });
  }
}

/** The period before, rated again. */
async function rateLate(
  executor: Executor,
  about: { id: string; organizationId: string; timeZone: string; period: Period },
): Promise<PeriodRating> {
  const before = await findRatedBefore(executor, {
    subscriptionId: about.id,
    before: about.period.from,
  });
  if (!before) return { lines: [], rated: [] };
  const { period, planId, version, currency } = before;
  const plan = await requireVersion(executor, planId, version);
  const { organizationId, timeZone } = about;
  const used = await rateCharges(executor, plan, { organizationId, currency, period });
  const differences = used.map(({ name, meterId, rated }, index) => ({
    ...{ name, meterId },
    amount: difference(rated, before.amounts[index] ?? zero),
  }));
  const amounts = used.map(({ rated }) => rated.amount);
  return {
    lines: lateUsageLines(differences, { period, timeZone, currency }),
    rated: [{ ...before, amounts }],
  };
}

async function rateCharges(
  executor: Executor,
  { offer }: PlanVersion,
  {
    organizationId,
    currency,
    period,
  }: { organizationId: string; currency: string; period: Period },
): Promise<UsedCharge[]> {
  return Promise.all(
    chargesOf(offer, currency).map(async ({ name, meterId, charge }) => {
      const used = await usageInPeriod(executor, { organizationId, meterId, ...period });
      return {
        ...{ name, meterId },
        charge,
        rated: rateCharge(charge, await usageForPricing(used, charge.pricing)),
      };
    }),
  );
}

function missingTo(
  { offer }: PlanVersion,
  price: { cycle: string; currency: string },
  spent: ReturnType<typeof add>,
) {
  const commitment = offeredPrice(offer, price)?.minimumCommitment;
  if (!commitment) return undefined;
  const missing = subtract(commitment, spent);
  return isPositive(missing) ? { commitment, missing } : undefined;
}

function sumOf(lines: readonly NewLine[]) {
  return sum(lines.map(({ amount }) => amount));
}

async function requireVersion(
  executor: Executor,
  planId: string,
  version: number,
): Promise<PlanVersion> {
  const plan = await findPlanVersion(executor, planId, version);
  invariant(plan, `version ${version} of plan ${planId} is kept`);
  return plan;
}
