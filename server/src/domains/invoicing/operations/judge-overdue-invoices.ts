import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { isPaymentUnderWay } from '../../payments/index.ts';
import { dueOf, isOverdue, lapsesUnpaid } from '../core/invoice.ts';
import { invoiceOverdue } from '../events.ts';
import { findOverdueIds, lockInvoice, markOverdue } from '../store.ts';
import { completePayment } from './complete-payment.ts';
import { handleEach } from './handle-each.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';
import { voidWithin } from './void-invoice.ts';

const invoicesPerRunMax = 10_000;

/**
 * Looks at open invoices whose term is over, in the order in which it ended: purchases become void, of what stays owed
 * it is said once. Answers how many.
 */
export async function judgeOverdueInvoices(context: Context): Promise<number> {
  const now = context.clocks.business();
  const due = await findOverdueIds(context.database, now, invoicesPerRunMax);
  return handleEach(context, due, (id) => judgeOne(context, id, now));
}

async function judgeOne(context: Context, id: string, now: Date): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (invoice?.status !== 'open' || invoice.overdueAt || !isOverdue(invoice, now)) return false;
    if (dueOf(invoice).minor === 0n) {
      // Credit covers it, and whoever issued it stopped before saying so.
      await completePayment(context, transaction, { invoice, by: { credit: 'all' } });
      return true;
    }
    if (lapsesUnpaid(invoice.kind)) {
      // A bank debit takes days: what is under way when the term ends still pays it, or comes back.
      if (await isPaymentUnderWay(transaction, id)) return false;
      await voidWithin(context, transaction, { invoice });
      return true;
    }
    const { organizationId, kind, reference } = invoice;
    await markOverdue(transaction, id, now);
    const about = { invoiceId: id, organizationId, kind, reference };
    await context.events.announce(context, transaction, invoiceOverdue, about);
    await tellOfInvoice(context, transaction, { invoice, is: 'overdue' });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invoice.become_overdue',
      resource: { kind: 'invoice', id },
    });
    return true;
  });
}
