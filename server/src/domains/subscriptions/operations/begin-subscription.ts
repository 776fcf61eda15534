import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { after } from '../core/lifecycle.ts';
import type { Subscription } from '../core/record.ts';
import { keepSubscription } from './hold-subscription.ts';
import { servePlan } from './serve-plan.ts';
import { tellCustomer } from './tell-customer.ts';

/** Begins a subscription that waited for its first payment, or had nothing to wait for; its plan with it. */
export async function beginHeld(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<Subscription> {
  const { state, trialEndsAt } = subscription;
  const status = after(state.status, trialEndsAt === null ? 'begin' : 'begin_trial');
  invariant(status, `subscription ${subscription.id} waits to begin`);
  const begun = { ...subscription, state: { ...state, status } };
  await keepSubscription(context, transaction, begun, { kind: 'begin' });
  await servePlan(context, transaction, begun);
  await tellCustomer(context, transaction, begun, 'created');
  return begun;
}
