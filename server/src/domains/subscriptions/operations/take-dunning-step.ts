import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { changeOrganizationStatus, findOrganization } from '../../identity/index.ts';
import { after, isServed, type SubscriptionStatus } from '../core/lifecycle.ts';
import { dunningStepOf, type Subscription } from '../core/record.ts';
import { findLiveSubscription } from '../subscriptions-store.ts';
import { dunningSteps, keepSubscription } from './hold-subscription.ts';
import { servePlan } from './serve-plan.ts';
import { tellCustomer } from './tell-customer.ts';

/** Takes the next step about what is overdue: a reminder, the plan and the keys taken away, or the end. */
export async function takeDunningStep(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { state, dunningTaken } = subscription;
  const step = dunningStepOf(subscription, await dunningSteps(transaction));
  invariant(step, 'there is a step to take');
  const taken = { ...subscription, dunningTaken: dunningTaken + 1 };
  switch (step.action) {
    case 'remind':
      await keepSubscription(context, transaction, taken, { kind: 'remind' });
      await tellCustomer(context, transaction, taken, 'overdue');
      return;
    case 'suspend': {
      const suspended = { ...taken, isSuspended: true };
      await keepSubscription(context, transaction, suspended, { kind: 'suspend' });
      await servePlan(context, transaction, suspended);
      await refuseKeys(context, transaction, suspended);
      await tellCustomer(context, transaction, suspended, 'suspended');
      return;
    }
    case 'cancel': {
      const status = after(state.status, 'cancel_now');
      invariant(status, 'what is past due can be ended');
      const ended = {
        ...taken,
        // Of what was paused there is nothing to bring back.
        isSuspended: isServed(state.status),
        endedAt: context.clocks.business(),
        state: { ...state, status },
      };
      await keepSubscription(context, transaction, ended, { kind: 'cancel_now' });
      await servePlan(context, transaction, ended);
      await tellCustomer(context, transaction, ended, 'ended');
    }
  }
}

/** Keys are refused from the end of the grace that the deployment gives, counted from when it fell overdue. */
async function refuseKeys(
  context: Context,
  transaction: Transaction,
  { organizationId, overdueSince }: Subscription,
): Promise<void> {
  const organization = await findOrganization(transaction, organizationId);
  if (organization?.status !== 'active' || !overdueSince) return;
  await changeOrganizationStatus(context, transaction, {
    id: organizationId,
    status: 'past_due',
    since: overdueSince,
  });
}

/**
 * Nothing is overdue any more: what dunning took is given back. What the customer has ended meanwhile stays as it is, and
 * so does what has no time left, or another subscription after it.
 */
export async function undoDunning(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { organizationId, state, isSuspended } = subscription;
  const isEnded = state.status === 'expired';
  const event = isEnded ? 'restore' : 'catch_up';
  const isBack = !isEnded || (await canBeRestored(context, transaction, subscription));
  const status = isBack ? restoredTo(state) : state.status;
  invariant(status, `a payment changes nothing of a subscription that is ${state.status}`);
  const relieved: Subscription = {
    ...subscription,
    state: { ...state, status },
    ...{ overdueSince: null, dunningTaken: 0, isSuspended: false },
    endedAt: isBack ? null : subscription.endedAt,
  };
  await keepSubscription(context, transaction, relieved, { kind: isBack ? event : 'catch_up' });
  await admitKeys(context, transaction, organizationId);
  if (!isBack || !isSuspended) return;
  await servePlan(context, transaction, relieved);
  await tellCustomer(context, transaction, relieved, 'restored');
}

async function canBeRestored(
  context: Context,
  transaction: Transaction,
  { organizationId, state, isSuspended }: Subscription,
): Promise<boolean> {
  if (!isSuspended || state.period.to <= context.clocks.business()) return false;
  return !(await findLiveSubscription(transaction, organizationId));
}

/** What was to end with its period still does. */
function restoredTo({ status, cancelAt }: Subscription['state']): SubscriptionStatus | undefined {
  if (status !== 'expired') return after(status, 'catch_up');
  const restored = after(status, 'restore');
  return restored && cancelAt ? after(restored, 'cancel_at_end') : restored;
}

async function admitKeys(context: Context, transaction: Transaction, id: string): Promise<void> {
  const organization = await findOrganization(transaction, id);
  if (organization?.status !== 'past_due') return;
  await changeOrganizationStatus(context, transaction, { id, status: 'active' });
}
