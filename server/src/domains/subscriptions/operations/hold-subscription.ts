import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { readSetting } from '../../settings/index.ts';
import { type DunningStep, toDunningSteps } from '../core/dunning.ts';
import { type BillingRules, nextDueOf, type Subscription } from '../core/record.ts';
import {
  findSubscription,
  insertChange,
  lockSubscription,
  saveSubscription,
} from '../subscriptions-store.ts';

/**
 * Locks a subscription behind its organization's funds row, so that every writer takes the two in one order: invoices
 * first, then funds, then the subscription.
 * @throws Refusal `not_found`.
 */
export async function holdSubscription(
  transaction: Transaction,
  id: string,
  organizationId?: string,
): Promise<Subscription> {
  const found = await findSubscription(transaction, id);
  if (!found || (organizationId !== undefined && found.organizationId !== organizationId)) {
    throw notFound('subscription');
  }
  await lockFunds(transaction, found.organizationId);
  const held = await lockSubscription(transaction, id);
  if (!held) throw notFound('subscription');
  return held;
}

export interface Happening {
  /** What happened, as its history says it. */
  kind: string;
  invoiceId?: string | undefined;
  creditNoteId?: string | undefined;
}

/** Keeps a subscription that was held, when it is due next, and what happened to it. */
export async function keepSubscription(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
  happening?: Happening,
): Promise<void> {
  const now = context.clocks.business();
  const dueAt = nextDueOf(subscription, await billingRules(transaction), now);
  await saveSubscription(transaction, { subscription, at: { dueAt, updatedAt: now } });
  if (happening) await recordHappening(context, transaction, subscription, happening);
}

export async function billingRules(executor: Executor): Promise<BillingRules> {
  return {
    steps: await dunningSteps(executor),
    graceHours: await readSetting(executor, 'invoice_grace_hours'),
  };
}

export async function dunningSteps(executor: Executor): Promise<DunningStep[]> {
  return toDunningSteps(await readSetting(executor, 'dunning_steps'));
}

export async function recordHappening(
  context: Context,
  transaction: Transaction,
  { id, organizationId, state }: Subscription,
  { kind, invoiceId, creditNoteId }: Happening,
): Promise<void> {
  const now = context.clocks.business();
  await insertChange(transaction, {
    id: newId('sch', now),
    subscriptionId: id,
    kind,
    invoiceId: invoiceId ?? null,
    creditNoteId: creditNoteId ?? null,
    occurredAt: now,
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: `subscription.${kind}`,
    resource: { kind: 'subscription', id },
    newValues: {
      status: state.status,
      plan: state.terms.planSlug,
      version: state.terms.version,
      quantity: state.terms.quantity,
      ...(invoiceId !== undefined && { invoice: invoiceId }),
      ...(creditNoteId !== undefined && { credit_note: creditNoteId }),
    },
  });
}
