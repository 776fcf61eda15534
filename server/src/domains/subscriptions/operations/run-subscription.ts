import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { collectInvoice, listOverdue, voidInvoice } from '../../invoicing/index.ts';
import { isPaymentUnderWay } from '../../payments/index.ts';
import {
  dunningStepOf,
  nextDueOf,
  noticeAtOf,
  renewsAtOf,
  type Subscription,
} from '../core/record.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { billingRules, holdSubscription, keepSubscription } from './hold-subscription.ts';
import { renewHeld } from './renew-subscription.ts';
import { takeDunningStep } from './take-dunning-step.ts';
import { tellCustomer } from './tell-customer.ts';

/** How often a run did what for a subscription. */
export interface Done {
  renewed: number;
  expired: number;
  dunned: number;
}

/** Periods that one run makes up for: a server that was off for years is not one that runs away. */
const stepsMax = 2_000;

/**
 * Does everything that fell due for a subscription, in order, each in a transaction of its own. Stopped anywhere and run
 * again it goes on where it was: what was billed has a billing key, what is still to be collected is kept.
 */
export async function runSubscription(
  context: Context,
  id: string,
  pace: Pace = 'waits',
): Promise<Done> {
  const done: Done = { renewed: 0, expired: 0, dunned: 0 };
  for (let step = 0; step < stepsMax; step += 1) {
    const subscription = await findSubscription(context.database, id);
    const next = subscription && (await taskOf(context, context.database, { subscription, pace }));
    if (!next) {
      if (subscription && step === 0) await scheduleAnew(context, id);
      return done;
    }
    if (next === 'collect' || next === 'give_up') {
      const isDone = await (next === 'collect' ? collect : giveUp)(context, subscription);
      if (!isDone) return done;
    } else {
      if (next === 'dun') await collectAgain(context, subscription);
      const did = await inTransaction(context, (transaction) =>
        runHeld(context, transaction, { id, pace }),
      );
      if (did) done[did] += 1;
    }
  }
  context.log.warn({ subscription: id }, 'there is more to make up for; the next run goes on');
  return done;
}

/** It was due, and there is nothing to do: what it was due for has changed. Left as it is, a run would find it for ever. */
async function scheduleAnew(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await keepSubscription(context, transaction, await holdSubscription(transaction, id));
  });
}

/** Whether a period that is over waits for late usage first, see `renewsAtOf`. */
type Pace = 'waits' | 'at_once';
type Task = 'collect' | 'give_up' | 'renew' | 'dun' | 'notice';

async function taskOf(
  context: Context,
  executor: Executor,
  { subscription, pace }: { subscription: Subscription; pace: Pace },
): Promise<Task | undefined> {
  const now = context.clocks.business();
  const set = await billingRules(executor);
  const rules = pace === 'waits' ? set : { ...set, graceHours: 0 };
  const dueAt = nextDueOf(subscription, rules, now);
  if (!dueAt || dueAt > now) return undefined;
  const { state, collectingInvoiceId } = subscription;
  if (collectingInvoiceId !== null) return 'collect';
  if (state.status === 'incomplete') return 'give_up';
  if (renewsAtOf(subscription, rules)?.getTime() === dueAt.getTime()) return 'renew';
  if (dunningStepOf(subscription, rules.steps)?.at.getTime() === dueAt.getTime()) return 'dun';
  invariant(noticeAtOf(subscription)?.getTime() === dueAt.getTime(), 'something is due');
  return 'notice';
}

/**
 * From what was agreed; where that is short, by a mail. An invoice that a change no longer waits for is off, unless its
 * money is under way: false then, and the next run looks again.
 */
async function collect(
  context: Context,
  { id, collectingInvoiceId, awaiting, provider, methodId }: Subscription,
): Promise<boolean> {
  const invoiceId = collectingInvoiceId ?? '';
  if (awaiting?.invoiceId === invoiceId) return callOff(context, invoiceId);
  await collectInvoice(context, { invoiceId, mayUseWallet: provider === 'wallet', methodId });
  await inTransaction(context, async (transaction) => {
    const held = await holdSubscription(transaction, id);
    if (held.collectingInvoiceId !== invoiceId) return;
    await keepSubscription(context, transaction, { ...held, collectingInvoiceId: null });
  });
  return true;
}

async function callOff(context: Context, invoiceId: string): Promise<boolean> {
  if (await isPaymentUnderWay(context.database, invoiceId)) return false;
  await voidInvoice(context, { id: invoiceId, reason: 'Not paid in time' });
  return true;
}

/** Before each step of dunning: what was short or declined when it was due may pay by now, and then the step is off. */
async function collectAgain(
  context: Context,
  { id, organizationId, provider, methodId }: Subscription,
): Promise<void> {
  const mayUseWallet = provider === 'wallet';
  if (!mayUseWallet && methodId === null) return;
  for (const invoiceId of await listOverdue(context.database, { organizationId, reference: id })) {
    await collectInvoice(context, { invoiceId, mayUseWallet, methodId });
  }
}

/** Nobody has paid for it in time: its invoice is off, and with it the subscription. */
async function giveUp(context: Context, { latestInvoiceId }: Subscription): Promise<boolean> {
  invariant(latestInvoiceId, 'what waits for a payment has an invoice');
  return callOff(context, latestInvoiceId);
}

/** Whoever was first has done it: then there is nothing to do any more. */
async function runHeld(
  context: Context,
  transaction: Transaction,
  { id, pace }: { id: string; pace: Pace },
): Promise<keyof Done | undefined> {
  const held = await holdSubscription(transaction, id);
  if ((await taskOf(context, transaction, { subscription: held, pace })) === 'dun') {
    await takeDunningStep(context, transaction, held);
    return 'dunned';
  }
  const did = await doWithin(context, transaction, held, pace);
  return did === 'noticed' ? undefined : did;
}

/** Renews a subscription that is held, or tells of its period's end, whichever is due; undefined where neither is. */
export async function doWithin(
  context: Context,
  transaction: Transaction,
  held: Subscription,
  pace: Pace = 'waits',
): Promise<'renewed' | 'expired' | 'noticed' | undefined> {
  switch (await taskOf(context, transaction, { subscription: held, pace })) {
    case 'renew':
      return renewHeld(context, transaction, held);
    case 'notice':
      await notice(context, transaction, held);
      return 'noticed';
    default:
      return undefined;
  }
}

async function notice(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { status, period } = subscription.state;
  await keepSubscription(context, transaction, { ...subscription, noticedFor: period.to });
  const occasion =
    status === 'trialing' ? 'trial_ending' : status === 'canceled' ? 'ending' : 'renewing';
  await tellCustomer(context, transaction, subscription, occasion);
}
