import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { paidPostings } from '../core/application.ts';
import type { Invoice } from '../core/invoice.ts';
import { invoicePaid } from '../events.ts';
import { markPaid } from '../store.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';

/** A locked invoice of which nothing is left to collect: posted, delivered, recorded. `by` is what settled it. */
export async function completePayment(
  context: Context,
  transaction: Transaction,
  { invoice, by }: { invoice: Invoice; by: Record<string, string> },
): Promise<void> {
  const { id: invoiceId, organizationId, kind, reference, status } = invoice;
  await markPaid(transaction, { id: invoiceId, at: context.clocks.business() });
  await postTransfers(
    context,
    transaction,
    organizationId,
    paidPostings(invoice).map((posting) => ({ ...posting, reference: invoiceId })),
  );
  const about = { invoiceId, organizationId, kind, reference };
  await context.events.announce(context, transaction, invoicePaid, about);
  await tellOfInvoice(context, transaction, { invoice, is: 'paid' });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'invoice.pay',
    resource: { kind: 'invoice', id: invoiceId },
    oldValues: { status },
    newValues: { ...by, status: 'paid' },
  });
}
