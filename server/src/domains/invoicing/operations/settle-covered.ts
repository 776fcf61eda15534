import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import type { Collection } from '../core/doors.ts';
import { dueOf, type Invoice, takesMoney } from '../core/invoice.ts';
import { lockInvoice } from '../store.ts';
import { completePayment } from './complete-payment.ts';

/** @throws Refusal `not_found`. */
export async function requireLocked(transaction: Transaction, invoiceId: string): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (!invoice) throw notFound('invoice');
  return invoice;
}

/** Settles an invoice that needs no money; undefined where there is something to collect. */
export async function settleCovered(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
): Promise<Collection | undefined> {
  if (invoice.status === 'paid') return 'paid';
  if (!takesMoney(invoice, context.clocks.business())) return 'closed';
  if (dueOf(invoice).minor > 0n) return undefined;
  await completePayment(context, transaction, { invoice, by: { credit: 'all' } });
  return 'paid';
}
