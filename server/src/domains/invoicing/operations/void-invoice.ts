import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type Invoice, labelOf } from '../core/invoice.ts';
import { invoiceVoided } from '../events.ts';
import { lockInvoice, markVoid } from '../store.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';
import { giveCreditBack } from './use-credit.ts';

/**
 * Calls an open invoice off; what was paid is corrected by a credit note instead.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function voidInvoice(
  context: Context,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (!invoice) throw notFound('invoice');
    if (invoice.status !== 'open') {
      throw new Refusal(
        'invalid_state',
        `Invoice ${labelOf(invoice)} is ${invoice.status}: discard a draft, and correct what was paid by a credit note.`,
      );
    }
    await voidWithin(context, transaction, { invoice, reason });
  });
}

/** Voids a locked, open invoice. */
export async function voidWithin(
  context: Context,
  transaction: Transaction,
  { invoice, reason }: { invoice: Invoice; reason?: string },
): Promise<void> {
  const { id: invoiceId, organizationId, kind, reference } = invoice;
  await markVoid(transaction, invoiceId, context.clocks.business());
  await giveCreditBack(context, transaction, invoice);
  const about = { invoiceId, organizationId, kind, reference };
  await context.events.announce(context, transaction, invoiceVoided, about);
  await tellOfInvoice(context, transaction, { invoice, is: 'voided' });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'invoice.void',
    resource: { kind: 'invoice', id: invoiceId },
    oldValues: { status: 'open' },
    newValues: { status: 'void', ...(reason === undefined ? {} : { reason }) },
  });
}
