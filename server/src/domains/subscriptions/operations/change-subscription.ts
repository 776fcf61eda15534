import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  dueOf,
  getInvoice,
  type Invoice,
  lockInvoice,
  voidInvoice,
} from '../../invoicing/index.ts';
import { startPayment } from '../../payments/index.ts';
import { listCreditableInvoices } from '../changes-store.ts';
import {
  presentSubscription,
  type SubscriptionPurchaseView,
} from '../core/present-subscription.ts';
import type { Subscription } from '../core/record.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';
import { type ChangeCommand, type PlannedChange, planSubscriptionChange } from './plan-changes.ts';
import { keepRated } from './rate-period.ts';
import { requireTermServed } from './require-term-served.ts';
import { runSubscription } from './run-subscription.ts';
import { servePlan } from './serve-plan.ts';
import { settleLines } from './settle-lines.ts';
import { payFirst, type SubscribeCommand } from './subscribe.ts';
import { type Occasion, tellCustomer } from './tell-customer.ts';

export type ChangeSubscriptionCommand = ChangeCommand & {
  id: string;
  /** Left out for an operator, who may change anybody’s. */
  organizationId?: string | undefined;
  /** What pays for it: `wallet`, a provider, a stored method; left out what renewals are collected from. */
  provider?: string | null | undefined;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  methodId?: string | undefined;
  returnUrl?: string | undefined;
};

/** How long a change waits for its payment. */
const awaitedDays = 3;

/**
 * Changes a subscription exactly as its preview said. What costs nothing, or is paid from the wallet, is made in the
 * transaction that plans it; what a provider collects is made when its invoice is paid.
 * @throws Refusal `not_found`, `invalid_state`, `plan_unavailable`, `rule_violated`, `insufficient_funds`,
 *   `provider_unavailable`, `currency_unsupported`.
 */
export async function changeSubscription(
  context: Context,
  command: ChangeSubscriptionCommand,
): Promise<SubscriptionPurchaseView> {
  const { id } = command;
  const found = await findSubscription(context.database, id);
  const isTheirs =
    command.organizationId === undefined || found?.organizationId === command.organizationId;
  if (!found || !isTheirs) throw notFound('subscription');
  // What fell due comes first: a change is planned within the period that runs.
  await runSubscription(context, id, 'at_once');
  if (found.awaiting) await giveUpAwaited(context, found.awaiting.invoiceId);
  if (found.state.status === 'incomplete' && command.action === 'cancel' && found.latestInvoiceId) {
    await voidInvoice(context, { id: found.latestInvoiceId, reason: 'Canceled' });
    return answerPurchase(context, id, {});
  }
  const changed = await inTransaction(context, (transaction) =>
    changeWithin(context, transaction, command),
  );
  return answerPurchase(context, id, changed);
}

interface Changed {
  invoice?: Invoice | undefined;
  paymentId?: string | undefined;
}

/** What a change answers; the payment that it opened is started here, behind its commit. */
export async function answerPurchase(
  context: Context,
  id: string,
  { invoice, paymentId }: Changed,
): Promise<SubscriptionPurchaseView> {
  const payment = paymentId === undefined ? null : await startPayment(context, paymentId);
  const subscription = await findSubscription(context.database, id);
  if (!subscription) throw notFound('subscription');
  const { organizationId } = subscription;
  return {
    subscription: presentSubscription(subscription),
    invoice: invoice ? await getInvoice(context, { organizationId, id: invoice.id }) : null,
    payment,
  };
}

async function giveUpAwaited(context: Context, invoiceId: string): Promise<void> {
  await voidInvoice(context, { id: invoiceId, reason: 'Another change was asked for' });
}

/** As `changeSubscription`, within the transaction of a larger change. */
export async function changeWithin(
  context: Context,
  transaction: Transaction,
  command: ChangeSubscriptionCommand,
): Promise<Changed> {
  await lockPaidInvoices(transaction, command);
  const subscription = await holdSubscription(transaction, command.id, command.organizationId);
  if (command.organizationId !== undefined) {
    await requireTermServed(context, transaction, subscription, command);
  }
  const planned = await planSubscriptionChange(context, transaction, subscription, command);
  const payWith = payWithOf(command, subscription);
  const isWallet = payWith.provider === 'wallet';
  const { invoice, creditNoteId } = await settleLines(context, transaction, subscription, {
    ...planned.settle,
    dueInDays: awaitedDays,
    ...(isWallet && { isExchanged: true }),
  });
  const isOver = planned.next.state.status === 'expired';
  if (!invoice || dueOf(invoice).minor === 0n || isOver) {
    await keepRated(transaction, subscription, planned.rated);
    await makeChange(context, transaction, planned, { invoiceId: invoice?.id, creditNoteId });
    if (!invoice) return {};
    const by = isOver && dueOf(invoice).minor > 0n ? payWith : { provider: 'wallet' };
    return { invoice, paymentId: await pay(context, transaction, invoice, by) };
  }
  await keepSubscription(context, transaction, awaitPayment(subscription, planned, invoice));
  return { invoice, paymentId: await pay(context, transaction, invoice, payWith) };
}

type PayBy = Pick<
  SubscribeCommand,
  'provider' | 'means' | 'savesMethod' | 'methodId' | 'returnUrl'
>;

/** What is named pays, else what was agreed for renewals. */
function payWithOf(command: ChangeSubscriptionCommand, agreed: Subscription): PayBy {
  const { means, savesMethod, methodId, returnUrl } = command;
  const provider = command.provider ?? null;
  if (provider !== null || methodId !== undefined) {
    return { provider, means, savesMethod, methodId, returnUrl };
  }
  return { provider: agreed.provider, methodId: agreed.methodId ?? undefined, returnUrl };
}

/** What a last period has used is collected as ever; nothing waits for it. */
async function pay(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
  by: PayBy,
): Promise<string | undefined> {
  const { organizationId } = invoice;
  return payFirst(context, transaction, { command: { organizationId, ...by }, invoice });
}

/** Invoices that may be credited are locked first: they come before funds in every transaction. */
async function lockPaidInvoices(
  transaction: Transaction,
  { id, action }: ChangeSubscriptionCommand,
): Promise<void> {
  if (action !== 'change' && action !== 'cancel') return;
  const invoiceIds = await listCreditableInvoices(transaction, id);
  for (const invoiceId of [...invoiceIds].sort()) await lockInvoice(transaction, invoiceId);
}

function awaitPayment(
  subscription: Subscription,
  { kind, next, rated }: PlannedChange,
  invoice: Invoice,
): Subscription {
  const { status, period, terms, paid } = subscription.state;
  const from = { status, periodFrom: period.from, planId: terms.planId, paid };
  return {
    ...subscription,
    awaiting: {
      ...{ invoiceId: invoice.id, kind, rated, from },
      ...{ state: next.state, addOns: next.addOns },
    },
  };
}

/** Makes a planned change: what is kept, what is given from now on, and what its customer is told. */
export async function makeChange(
  context: Context,
  transaction: Transaction,
  { kind, effect, next }: Pick<PlannedChange, 'kind' | 'effect' | 'next'>,
  {
    invoiceId,
    creditNoteId,
  }: { invoiceId?: string | undefined; creditNoteId?: string | undefined },
): Promise<void> {
  const kept: Subscription = {
    ...next,
    awaiting: null,
    latestInvoiceId: invoiceId ?? next.latestInvoiceId,
  };
  await keepSubscription(context, transaction, kept, { kind, invoiceId, creditNoteId });
  if (effect === 'now' || kind === 'cancel_at_end') await servePlan(context, transaction, kept);
  await tellCustomer(context, transaction, kept, occasionOf(kind));
}

function occasionOf(kind: PlannedChange['kind']): Occasion {
  if (kind === 'cancel_at_end') return 'canceled';
  if (kind === 'cancel_now') return 'ended';
  return kind === 'pause' ? 'paused' : 'changed';
}
