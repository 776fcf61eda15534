import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { createCreditNote, listOverdue } from '../../invoicing/index.ts';
import { couponAfter } from '../core/discounts.ts';
import { after } from '../core/lifecycle.ts';
import { isStillAwaited, type Subscription } from '../core/record.ts';
import { isInvoiceOfChange } from '../subscriptions-store.ts';
import { beginHeld } from './begin-subscription.ts';
import { makeChange } from './change-subscription.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';
import { keepRated } from './rate-period.ts';
import { deliverInvoice } from './recognize-subscriptions.ts';
import { undoDunning } from './take-dunning-step.ts';

/** The invoice is locked by who tells of it. */
interface AboutInvoice {
  invoiceId: string;
  organizationId: string;
  /** The subscription. */
  reference: string;
}

/** An invoice is paid: what waited for it happens, and what dunning took comes back, in that transaction. */
export async function hearPaid(
  context: Context,
  transaction: Transaction,
  { invoiceId, reference }: AboutInvoice,
): Promise<void> {
  const subscription = await holdSubscription(transaction, reference);
  const { state, awaiting } = subscription;
  await deliverInvoice(context, transaction, { invoiceId, subscription });
  if (state.status === 'incomplete') {
    await beginHeld(context, transaction, { ...subscription, collectingInvoiceId: null });
    return;
  }
  if (awaiting?.invoiceId === invoiceId && isStillAwaited(subscription, awaiting)) {
    await keepRated(transaction, subscription, awaiting.rated);
    // What is awaited to come back begins a period of its own.
    const comesBack = awaiting.kind === 'resume';
    const coupon = comesBack ? couponAfter(subscription.coupon, false) : subscription.coupon;
    await makeChange(
      context,
      transaction,
      {
        ...{ kind: awaiting.kind, effect: 'now' },
        next: { ...subscription, coupon, state: awaiting.state, addOns: awaiting.addOns },
      },
      { invoiceId },
    );
    return;
  }
  const isOfPast = !(await isInvoiceOfChange(transaction, {
    subscriptionId: reference,
    invoiceId,
  }));
  if (isOfPast) await creditLate(context, transaction, subscription, invoiceId);
  await relieve(context, transaction, subscription);
}

/** The subscription has moved on since this was planned: the money is the customer's credit. */
async function creditLate(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
  invoiceId: string,
): Promise<void> {
  await createCreditNote(context, transaction, {
    invoiceId,
    credit: { kind: 'whole' },
    reason: 'The subscription was changed before this was paid',
  });
  if (subscription.awaiting?.invoiceId !== invoiceId) return;
  await keepSubscription(context, transaction, { ...subscription, awaiting: null });
}

/** Nothing is overdue any more. */
async function relieve(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const { id, organizationId, overdueSince } = subscription;
  if (!overdueSince) return;
  const owed = await listOverdue(transaction, { organizationId, reference: id });
  if (owed.length > 0) return;
  await undoDunning(context, transaction, subscription);
}

/** An invoice is off: a subscription that waited for it is given up, a change that did is dropped. */
export async function hearVoided(
  context: Context,
  transaction: Transaction,
  { invoiceId, reference }: AboutInvoice,
): Promise<void> {
  const subscription = await holdSubscription(transaction, reference);
  const { state, awaiting, collectingInvoiceId } = subscription;
  const isCollected = collectingInvoiceId === invoiceId;
  const freed = { ...subscription, collectingInvoiceId: isCollected ? null : collectingInvoiceId };
  const givenUp = after(state.status, 'give_up');
  if (givenUp) {
    const endedAt = context.clocks.business();
    const ended = { ...freed, endedAt, state: { ...state, status: givenUp } };
    await keepSubscription(context, transaction, ended, { kind: 'give_up', invoiceId });
    return;
  }
  if (awaiting?.invoiceId === invoiceId) {
    await keepSubscription(context, transaction, { ...freed, awaiting: null });
    return;
  }
  if (isCollected) await keepSubscription(context, transaction, freed);
  await relieve(context, transaction, freed);
}

/** Nobody expects its money any more: what it sold is earned as if it had come. */
export async function hearWrittenOff(
  context: Context,
  transaction: Transaction,
  { invoiceId, reference }: AboutInvoice,
): Promise<void> {
  const subscription = await holdSubscription(transaction, reference);
  await deliverInvoice(context, transaction, { invoiceId, subscription });
}

/** The term of an invoice is over: the subscription is past due, and dunning begins. */
export async function hearOverdue(
  context: Context,
  transaction: Transaction,
  { invoiceId, reference }: AboutInvoice,
): Promise<void> {
  const subscription = await holdSubscription(transaction, reference);
  const { state, awaiting, overdueSince } = subscription;
  if (awaiting?.invoiceId === invoiceId) {
    // The next run calls it off, with the change that waited for it.
    const dropped = { ...subscription, collectingInvoiceId: invoiceId };
    await keepSubscription(context, transaction, dropped);
    return;
  }
  const status = after(state.status, 'fall_due');
  if (!status || overdueSince) return;
  const since = context.clocks.business();
  const pastDue = { ...subscription, overdueSince: since, state: { ...state, status } };
  await keepSubscription(context, transaction, pastDue, { kind: 'fall_due', invoiceId });
}
