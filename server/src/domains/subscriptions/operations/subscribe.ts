import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { type Ratio, zero } from '../../../platform/ratio.ts';
import {
  checkCoupon,
  currentPlanVersion,
  isOfferedTo,
  type OfferPrice,
  type PlanVersion,
  priceOf,
  redeemCoupon,
} from '../../catalog/index.ts';
import {
  dueOf,
  getInvoice,
  type Invoice,
  payerOf,
  requireCustomer,
} from '../../invoicing/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { openAttempt, payAtOnce, requireOwnMethod, startPayment } from '../../payments/index.ts';
import { agreedTerms } from '../core/agreed-terms.ts';
import { periodDiscounts } from '../core/discounts.ts';
import {
  presentSubscription,
  type SubscriptionPurchaseView,
} from '../core/present-subscription.ts';
import type { AppliedCoupon, Subscription } from '../core/record.ts';
import { beginSubscription } from '../core/renewal.ts';
import { billingKeyOf, type SubscriptionTerms } from '../core/subscription.ts';
import { findSubscription, hasTried, insertSubscription } from '../subscriptions-store.ts';
import { beginHeld } from './begin-subscription.ts';
import { keepSubscription, recordHappening } from './hold-subscription.ts';
import { type LinesToSettle, settleLines } from './settle-lines.ts';

export interface SubscribeCommand {
  organizationId: string;
  /** Id or slug. */
  plan: string;
  cycle?: string | undefined;
  currency?: string | undefined;
  quantity?: number | undefined;
  coupon?: string | undefined;
  /** The plan’s trial was promised to this customer, who has it even after an earlier one. */
  isTrialPromised?: boolean;
  /** What pays now: `wallet`, a provider, or null for the method, else a pay link by mail. */
  provider: string | null;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  /** A stored method that is charged, now and at renewals. */
  methodId?: string | undefined;
  returnUrl?: string | undefined;
}

/**
 * Subscribes an organization: subscription, first invoice and payment attempt are one transaction, committed before a
 * provider is called. From the wallet, for nothing, or on trial it begins in that same transaction.
 * @throws Refusal `plan_unavailable`, `coupon_invalid`, `already_subscribed`, `currency_unsupported`,
 *   `insufficient_funds`, `provider_unavailable`, `organization_suspended`, `rule_violated`.
 */
export async function subscribe(
  context: Context,
  command: SubscribeCommand,
): Promise<SubscriptionPurchaseView> {
  const { id, invoice, paymentId } = await inTransaction(context, (transaction) =>
    subscribeWithin(context, transaction, command),
  );
  const payment = paymentId === undefined ? null : await startPayment(context, paymentId);
  const subscription = await findSubscription(context.database, id);
  if (!subscription) throw new Error(`subscription ${id} was stored`);
  const { organizationId } = command;
  return {
    subscription: presentSubscription(subscription),
    invoice: invoice ? await getInvoice(context, { organizationId, id: invoice.id }) : null,
    payment,
  };
}

/** As `subscribe`, within the transaction of a larger change, which starts the payment after its commit. */
export async function subscribeWithin(
  context: Context,
  transaction: Transaction,
  command: SubscribeCommand,
): Promise<{ id: string; invoice: Invoice | undefined; paymentId: string | undefined }> {
  await lockFunds(transaction, command.organizationId);
  const { organizationId, methodId } = command;
  if (methodId !== undefined) {
    const method = { organizationId, id: methodId };
    await requireOwnMethod(transaction, method, 'payment_method_id');
  }
  const begun = await planSubscription(context, transaction, command);
  const { subscription } = begun;
  const at = context.clocks.business();
  if (!(await insertSubscription(transaction, subscription, { dueAt: null, updatedAt: at }))) {
    throw new Refusal(
      'already_subscribed',
      'This organization has a subscription: change it, or end it before you begin another.',
    );
  }
  if (command.coupon !== undefined) {
    await redeemCoupon(context, transaction, {
      ...couponAsk(command, subscription.state.terms),
      reference: subscription.id,
    });
  }
  const isExchanged = command.provider === 'wallet';
  const settle = { ...begun.settle, ...(isExchanged && { isExchanged }) };
  const { invoice } = await settleLines(context, transaction, subscription, settle);
  if (!invoice) {
    await recordHappening(context, transaction, subscription, { kind: 'subscribe' });
    await beginHeld(context, transaction, subscription);
    return { id: subscription.id, invoice, paymentId: undefined };
  }
  const invoiced: Subscription = {
    ...subscription,
    latestInvoiceId: invoice.id,
    collectingInvoiceId: isPaidLater(command) ? invoice.id : null,
  };
  await keepSubscription(context, transaction, invoiced, {
    kind: 'subscribe',
    invoiceId: invoice.id,
  });
  const paymentId = await payFirst(context, transaction, { command, invoice });
  return { id: subscription.id, invoice, paymentId };
}

/** Nobody is asked now: a mail says where to pay. */
function isPaidLater({ provider, methodId }: SubscribeCommand): boolean {
  return provider === null && methodId === undefined;
}

/** What is paid at once begins the subscription here: the payment's reaction finds it in this transaction. */
export async function payFirst(
  context: Context,
  transaction: Transaction,
  {
    command,
    invoice,
  }: {
    command: Pick<
      SubscribeCommand,
      'organizationId' | 'provider' | 'means' | 'savesMethod' | 'methodId' | 'returnUrl'
    >;
    invoice: Invoice;
  },
): Promise<string | undefined> {
  const { organizationId, provider, means, savesMethod, methodId, returnUrl } = command;
  const due = dueOf(invoice);
  const title = invoice.lines.length > 0 ? 'Subscription' : invoice.id;
  const shared = { organizationId, invoiceId: invoice.id, amount: due, title };
  if (provider === 'wallet' || due.minor === 0n) {
    const { exchange } = invoice;
    const payment = await payAtOnce(context, transaction, {
      ...shared,
      provider: 'wallet',
      exchange: exchange && { charged: exchange.amount, rate: exchange.rate },
    });
    return payment.id;
  }
  if (provider === null && methodId === undefined) return undefined;
  return openAttempt(context, transaction, {
    ...shared,
    ...{ provider, means, savesMethod, methodId, returnUrl },
    payer: payerOf(invoice),
    expiresAt: new Date(context.clocks.business().getTime() + orderTermMs),
  });
}

const orderTermMs = 3 * 86_400_000;

/** What subscribing would make of an organization now, and what it would invoice; stores nothing. */
export async function planSubscription(
  context: Context,
  executor: Executor,
  command: SubscribeCommand,
): Promise<{ subscription: Subscription; settle: LinesToSettle }> {
  const { organizationId } = command;
  const { timeZone } = await requireCustomer(executor, organizationId);
  const plan = await requireOnOffer(executor, command.plan, organizationId);
  const price = requirePrice(plan, command);
  const terms = agreedTerms(plan, price, command.quantity ?? 1);
  const at = context.clocks.business();
  const mayTry =
    command.isTrialPromised ||
    (plan.offer.trialDays > 0 && !(await hasTried(executor, organizationId)));
  const trialDays = mayTry ? plan.offer.trialDays : 0;
  const { lines, next } = beginSubscription(terms, {
    ...{ at, timeZone, trialDays },
    setupFee: feeOf(price),
  });
  const coupon = await couponOf(context, executor, command, terms);
  const id = newId('sub', at);
  const subscription: Subscription = {
    ...{ id, organizationId, state: next, addOns: [], coupon },
    trialEndsAt: trialDays > 0 ? next.period.to : null,
    provider: command.provider === 'wallet' ? 'wallet' : null,
    methodId: command.methodId ?? null,
    ...{ latestInvoiceId: null, collectingInvoiceId: null, awaiting: null },
    ...{ overdueSince: null, dunningTaken: 0, isSuspended: false, noticedFor: null },
    ...{ startedAt: at, endedAt: null },
  };
  const settle = {
    lines,
    discounts: periodDiscounts(coupon),
    period: next.period,
    billingKey: billingKeyOf(id, next.period),
  };
  return { subscription, settle };
}

async function couponOf(
  context: Context,
  executor: Executor,
  command: SubscribeCommand,
  terms: SubscriptionTerms,
): Promise<AppliedCoupon | null> {
  if (command.coupon === undefined) return null;
  const now = context.clocks.business();
  const { code, discount, invoices } = await checkCoupon(executor, {
    ...couponAsk(command, terms),
    now,
  });
  return { code, discount, invoicesLeft: invoices };
}

function couponAsk({ coupon, organizationId }: SubscribeCommand, terms: SubscriptionTerms) {
  const { planSlug, currency } = terms;
  return { code: coupon ?? '', organizationId, planSlug, currency };
}

function feeOf({ setupFee }: OfferPrice): Ratio {
  return setupFee ?? zero;
}

/** @throws Refusal `plan_unavailable`. */
export async function requireOnOffer(
  executor: Executor,
  idOrSlug: string,
  organizationId: string,
): Promise<PlanVersion> {
  const plan = await currentPlanVersion(executor, idOrSlug);
  const isOnOffer =
    plan?.status === 'active' &&
    plan.offer.addonOf === null &&
    plan.offer.prices.length > 0 &&
    isOfferedTo(plan.offer, organizationId);
  if (plan && isOnOffer) return plan;
  throw new Refusal(
    'plan_unavailable',
    `There is no plan "${idOrSlug}" on offer: choose another.`,
    {
      param: 'plan',
    },
  );
}

/** @throws Refusal `rule_violated`, saying which prices there are. */
export function requirePrice(
  { offer, slug }: PlanVersion,
  wanted: { cycle?: string | undefined; currency?: string | undefined },
): OfferPrice {
  const price = priceOf(offer, wanted);
  if (price) return price;
  const prices = offer.prices.map(({ cycle, currency }) => `${cycle} in ${currency}`).join(', ');
  throw new Refusal('rule_violated', `"${slug}" has no such price: choose one of ${prices}.`, {
    param: 'billing_cycle',
  });
}
