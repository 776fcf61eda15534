/** What happens to an invoice, as its customer is told of it. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatMinor } from '../../../platform/money.ts';
import { dueOf, type Invoice } from '../core/invoice.ts';

type Told = 'issued' | 'payment_requested' | 'paid' | 'overdue' | 'voided';

/** With what is due, where it is asked for, else with the whole of it. */
export async function tellOfInvoice(
  context: Context,
  transaction: Transaction,
  { invoice, is }: { invoice: Invoice; is: Told },
): Promise<void> {
  const { id, organizationId, kind, dueAt } = invoice;
  const isAsked = is === 'payment_requested' || is === 'overdue';
  const amount = isAsked ? dueOf(invoice) : invoice.total;
  await announceHappening(context, transaction, `invoice.${is}`, {
    organizationId,
    data: {
      ...{ invoice: id, kind, due_at: dueAt.toISOString() },
      ...{ amount: formatMinor(amount), currency: amount.currency },
    },
  });
}
