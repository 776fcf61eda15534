import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { presentPreview, previewInvoice } from '../../invoicing/index.ts';
import { after } from '../core/lifecycle.ts';
import {
  type ChangePreviewView,
  presentPeriod,
  presentTerms,
} from '../core/present-subscription.ts';
import type { Subscription } from '../core/record.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { type ChangeCommand, planSubscriptionChange } from './plan-changes.ts';
import { requireTermServed } from './require-term-served.ts';
import { runSubscription } from './run-subscription.ts';
import { draftOf, type LinesToSettle } from './settle-lines.ts';
import { planSubscription, type SubscribeCommand } from './subscribe.ts';

/**
 * What subscribing would invoice now.
 * @throws Refusal as `subscribe` does.
 */
export async function previewNewSubscription(
  context: Context,
  command: Omit<SubscribeCommand, 'provider'>,
): Promise<ChangePreviewView> {
  const planned = await planSubscription(context, context.database, { ...command, provider: null });
  const { subscription, settle } = planned;
  const { state, trialEndsAt } = subscription;
  const status = after(state.status, trialEndsAt ? 'begin_trial' : 'begin') ?? state.status;
  const next = { ...subscription, state: { ...state, status } };
  return view(context, subscription, { effect: 'now', next, settle });
}

/**
 * Exactly what a change would invoice if it were made now, from the very plan that the change carries out.
 * @throws Refusal as `changeSubscription` does.
 */
export async function previewSubscription(
  context: Context,
  { id, organizationId, ...command }: ChangeCommand & { id: string; organizationId: string },
): Promise<ChangePreviewView> {
  const owned = await findSubscription(context.database, id);
  if (owned?.organizationId !== organizationId) throw notFound('subscription');
  // What fell due comes first, as it does for the change itself.
  await runSubscription(context, id, 'at_once');
  const subscription = await findSubscription(context.database, id);
  if (!subscription) throw notFound('subscription');
  await requireTermServed(context, context.database, subscription, command);
  const planned = await planSubscriptionChange(context, context.database, subscription, command);
  return view(context, subscription, planned);
}

async function view(
  context: Context,
  subscription: Subscription,
  planned: { effect: 'now' | 'period_end'; next: Subscription; settle: LinesToSettle },
): Promise<ChangePreviewView> {
  const { effect, next, settle } = planned;
  const preview = await previewInvoice(context, context.database, draftOf(subscription, settle));
  const { state } = subscription;
  const later = next.state.pending;
  const effectiveAt = effect === 'now' ? context.clocks.business() : state.period.to;
  return {
    ...presentPreview(preview),
    effect,
    effective_at: effectiveAt.toISOString(),
    subscription: {
      ...presentTerms(effect === 'period_end' && later ? later : next.state.terms),
      status: next.state.status,
      period: presentPeriod(next.state.terms, next.state.period),
    },
  };
}
