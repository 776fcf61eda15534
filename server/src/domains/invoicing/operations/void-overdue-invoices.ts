import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { isOverdue } from '../core/invoice.ts';
import { invoiceVoided } from '../events.ts';
import { findOverdueIds, lockInvoice, markVoid } from '../store.ts';
import { handleEach } from './handle-each.ts';

const invoicesPerRunMax = 10_000;

/** Voids open invoices whose term is over, in the order in which it ended; answers how many. */
export async function voidOverdueInvoices(context: Context): Promise<number> {
  const now = context.clocks.business();
  const due = await findOverdueIds(context.database, now, invoicesPerRunMax);
  return handleEach(context, due, (id) => voidOne(context, id, now));
}

async function voidOne(context: Context, id: string, now: Date): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (invoice?.status !== 'open' || !isOverdue(invoice, now)) return false;
    const { organizationId, kind, reference } = invoice;
    await markVoid(transaction, id, now);
    const about = { invoiceId: id, organizationId, kind, reference };
    await context.events.announce(context, transaction, invoiceVoided, about);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invoice.void',
      resource: { kind: 'invoice', id },
      oldValues: { status: 'open' },
      newValues: { status: 'void' },
    });
    return true;
  });
}
