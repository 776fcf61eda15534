/** Subscriptions in the contract's words. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/plan-subscriptions';
import { formatMinor } from '../../../platform/money.ts';
import { roundHalfUp } from '../../../platform/ratio.ts';
import { isEndless } from './agreed-terms.ts';
import { type DunningStep, dunningCourse } from './dunning.ts';
import { eventsOf } from './lifecycle.ts';
import type { Period } from './period.ts';
import type { Subscription } from './record.ts';
import type { SubscriptionTerms } from './subscription.ts';

export type SubscriptionView = AnswerOf<typeof endpoints.getSubscription>;
export type SubscriptionPurchaseView = AnswerOf<typeof endpoints.createSubscription>;
export type ChangePreviewView = AnswerOf<typeof endpoints.previewSubscription>;

export function presentSubscription(subscription: Subscription): SubscriptionView {
  const { state, coupon } = subscription;
  const { status, pending, period } = state;
  const renews = status === 'active' || status === 'trialing' || status === 'past_due';
  return {
    ...presentTerms(state.terms),
    id: subscription.id,
    status,
    period: presentPeriod(state.terms, period),
    trial_ends_at: subscription.trialEndsAt?.toISOString() ?? null,
    pending: pending && { ...presentTerms(pending), effective_at: period.to.toISOString() },
    add_ons: subscription.addOns.map(({ terms, nextQuantity }) => ({
      ...presentTerms(terms),
      next_quantity: nextQuantity,
    })),
    cancel_at: state.cancelAt?.toISOString() ?? null,
    coupon: coupon && { code: coupon.code, invoices_left: coupon.invoicesLeft },
    provider: subscription.provider,
    payment_method_id: subscription.methodId,
    renews_at: renews && !isEndless(state.terms) ? period.to.toISOString() : null,
    latest_invoice: subscription.latestInvoiceId,
    actions: actionsOf(subscription),
    started_at: subscription.startedAt.toISOString(),
    ended_at: subscription.endedAt?.toISOString() ?? null,
  };
}

export type OrganizationSubscriptionView = AnswerOf<typeof endpoints.inspectSubscription>;

export function presentOrganizationSubscription(
  subscription: Subscription,
  steps: readonly DunningStep[],
): OrganizationSubscriptionView {
  return {
    ...presentSubscription(subscription),
    organization: subscription.organizationId,
    dunning: presentDunning(subscription, steps),
  };
}

function presentDunning(
  { overdueSince, dunningTaken: taken, isSuspended }: Subscription,
  steps: readonly DunningStep[],
): OrganizationSubscriptionView['dunning'] {
  if (!overdueSince) return null;
  return {
    overdue_since: overdueSince.toISOString(),
    suspended: isSuspended,
    steps: dunningCourse(steps, { overdueSince, taken }).map(({ action, at, isTaken }) => ({
      action,
      at: at.toISOString(),
      taken: isTaken,
    })),
  };
}

export function presentTerms(terms: SubscriptionTerms) {
  const { currency } = terms;
  return {
    plan: {
      id: terms.planId,
      slug: terms.planSlug,
      name: terms.planName,
      version: terms.version,
    },
    billing_cycle: terms.cycle,
    currency,
    amount: formatMinor({ minor: roundHalfUp(terms.price), currency }),
    quantity: terms.quantity,
  };
}

export function presentPeriod(terms: SubscriptionTerms, { from, to }: Period) {
  return { from: from.toISOString(), to: isEndless(terms) ? null : to.toISOString() };
}

/** What the customer may do now. */
function actionsOf({ state, overdueSince }: Subscription): SubscriptionView['actions'] {
  const events = eventsOf(state.status);
  const actions: SubscriptionView['actions'] = [];
  if (events.includes('change')) actions.push('change');
  if (events.includes('cancel_now')) actions.push('cancel');
  if (events.includes('pause')) actions.push('pause');
  if (events.includes('resume') && !overdueSince) actions.push('resume');
  return actions;
}
