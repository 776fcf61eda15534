import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { changeOrganizationStatus, findOrganization } from '../../identity/index.ts';
import { nextDunningStep } from '../core/dunning.ts';
import { after } from '../core/lifecycle.ts';
import type { Subscription } from '../core/record.ts';
import { dunningSteps, keepSubscription } from './hold-subscription.ts';
import { servePlan } from './serve-plan.ts';
import { tellCustomer } from './tell-customer.ts';

/** Takes the next step about what is overdue: a reminder, the plan and the keys taken away, or the end. */
export async function takeDunningStep(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { state, overdueSince, dunningTaken } = subscription;
  invariant(overdueSince, 'dunning is about what is overdue');
  const steps = await dunningSteps(transaction);
  const step = nextDunningStep(steps, { overdueSince, taken: dunningTaken });
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
      const at = context.clocks.business();
      const ended = {
        ...taken,
        endedAt: at,
        state: { ...state, status, cancelAt: at, pending: null },
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

/** A payment has come: what dunning took is given back. */
export async function undoDunning(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { state, isSuspended } = subscription;
  const now = context.clocks.business();
  const event = state.status === 'expired' ? 'restore' : 'catch_up';
  const status = after(state.status, event);
  invariant(status, `a payment brings a subscription back that is ${state.status}`);
  const restored: Subscription = {
    ...subscription,
    state: { ...state, status, cancelAt: null },
    ...{ overdueSince: null, dunningTaken: 0, isSuspended: false, endedAt: null },
    noticedFor: state.period.to > now ? subscription.noticedFor : null,
  };
  await keepSubscription(context, transaction, restored, { kind: event });
  if (isSuspended || event === 'restore') {
    await servePlan(context, transaction, restored);
    const organization = await findOrganization(transaction, subscription.organizationId);
    if (organization?.status === 'past_due') {
      const { organizationId: id } = subscription;
      await changeOrganizationStatus(context, transaction, { id, status: 'active' });
    }
    await tellCustomer(context, transaction, restored, 'restored');
  }
}
