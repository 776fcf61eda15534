import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { findInvoice } from '../../invoicing/index.ts';
import { isLive } from '../core/lifecycle.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';

/**
 * A customer has paid for a subscription and had the method kept: renewals are charged to it, where nothing else was
 * agreed.
 */
export async function renewByMethod(
  context: Context,
  transaction: Transaction,
  { invoiceId, methodId }: { invoiceId: string; methodId: string },
): Promise<void> {
  const invoice = await findInvoice(transaction, invoiceId);
  if (invoice?.kind !== 'subscription') return;
  if (!(await findSubscription(transaction, invoice.reference))) return;
  const held = await holdSubscription(transaction, invoice.reference);
  const isAgreed = held.provider !== null || held.methodId !== null;
  if (isAgreed || !isLive(held.state.status)) return;
  await keepSubscription(context, transaction, { ...held, methodId }, { kind: 'set_provider' });
}
