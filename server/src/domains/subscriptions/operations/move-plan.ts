import type { movePlan as endpoint } from '@sluice/contract/billing-runs';
import type { AnswerOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { roundHalfUp } from '../../../platform/ratio.ts';
import {
  currentPlanVersion,
  priceOf as offeredPrice,
  type PlanVersion,
} from '../../catalog/index.ts';
import { agreedTerms } from '../core/agreed-terms.ts';
import { after } from '../core/lifecycle.ts';
import type { Subscription } from '../core/record.ts';
import { priceOf, type SubscriptionTerms } from '../core/subscription.ts';
import { listOnOlderVersions } from '../subscriptions-store.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';

export interface MovePlanCommand {
  /** Id or slug. */
  plan: string;
  isPreview: boolean;
  fromVersion: number | undefined;
  /** Periods that begin earlier stay as they were agreed. */
  notBefore: Date | undefined;
}

/**
 * Moves subscriptions of older versions to a plan's current one with their next period; a preview only says what that
 * would do. Those without such a price, or with another change before them, stay where they are.
 * @throws Refusal `not_found`.
 */
export async function movePlan(
  context: Context,
  command: MovePlanCommand,
): Promise<AnswerOf<typeof endpoint>> {
  const plan = await currentPlanVersion(context.database, command.plan);
  if (!plan) throw notFound('plan');
  const older = (await listOnOlderVersions(context.database, plan)).filter(
    ({ state }) => command.fromVersion === undefined || state.terms.version === command.fromVersion,
  );
  const effects = [];
  for (const subscription of older) {
    const to = movedTerms(plan, subscription, command);
    effects.push(effectOf(subscription, to));
    if (to && !command.isPreview) await moveOne(context, subscription, { plan, command });
  }
  return { subscriptions: effects.filter(({ after: next }) => next !== null).length, effects };
}

async function moveOne(
  context: Context,
  { id }: Subscription,
  { plan, command }: { plan: PlanVersion; command: MovePlanCommand },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const held = await holdSubscription(transaction, id);
    const pending = movedTerms(plan, held, command);
    if (!pending) return;
    const moved = { ...held, state: { ...held.state, pending } };
    await keepSubscription(context, transaction, moved, { kind: 'move' });
  });
}

/** The same price and seats in the plan's current version; undefined where it stays. */
function movedTerms(
  plan: PlanVersion,
  { state }: Subscription,
  { notBefore }: MovePlanCommand,
): SubscriptionTerms | undefined {
  const { terms, status, period, pending } = state;
  const { cycle, currency, quantity } = terms;
  const price = offeredPrice(plan.offer, { cycle, currency });
  const isFree = !pending || pending.planId === plan.planId;
  if (!price || !isFree || terms.version >= plan.version) return undefined;
  if (!after(status, 'change') || (notBefore && period.to < notBefore)) return undefined;
  return agreedTerms(plan, price, quantity);
}

function effectOf(
  { id, organizationId, state }: Subscription,
  to: SubscriptionTerms | undefined,
): AnswerOf<typeof endpoint>['effects'][number] {
  const { terms, period } = state;
  const { currency } = terms;
  const shown = (of: SubscriptionTerms) =>
    formatMinor({ minor: roundHalfUp(priceOf(of)), currency });
  return {
    subscription: id,
    organization: organizationId,
    from_version: terms.version,
    currency,
    before: shown(terms),
    after: to ? shown(to) : null,
    effective_at: to ? period.to.toISOString() : null,
  };
}
