import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { writeOffPostings } from '../core/application.ts';
import { dueOf, labelOf, lapsesUnpaid } from '../core/invoice.ts';
import { invoiceWrittenOff } from '../events.ts';
import { lockInvoice, markUncollectible } from '../store.ts';

/**
 * Gives up on what is owed: the loss stands in `write_off`. Money that comes for it later is taken all the same.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function writeOffInvoice(
  context: Context,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (!invoice) throw notFound('invoice');
    const { organizationId, kind, reference } = invoice;
    if (invoice.status !== 'open' || lapsesUnpaid(kind)) {
      throw new Refusal(
        'invalid_state',
        `Invoice ${labelOf(invoice)} is not owed: write off what is open for a service.`,
      );
    }
    await markUncollectible(transaction, id, context.clocks.business());
    await postTransfers(
      context,
      transaction,
      organizationId,
      writeOffPostings(invoice).map((posting) => ({ ...posting, reference: id })),
    );
    const about = { invoiceId: id, organizationId, kind, reference };
    await context.events.announce(context, transaction, invoiceWrittenOff, about);
    const due = dueOf(invoice);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invoice.write_off',
      resource: { kind: 'invoice', id },
      oldValues: { status: 'open' },
      newValues: { status: 'uncollectible', due: formatMinor(due), currency: due.currency, reason },
    });
  });
}
