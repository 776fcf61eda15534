import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { type Attempt, payAtOnce } from '../../payments/index.ts';
import { dueOf, type Invoice, labelOf, takesMoney } from '../core/invoice.ts';
import { lockInvoice } from '../store.ts';
import { issueTopUp, readTopUp } from './top-up-wallet.ts';

export interface RecordManualPaymentCommand {
  organizationId: string;
  amount: string;
  currency: string;
  /** The invoice that it pays; without one it tops up the wallet. */
  invoiceId: string | undefined;
  note: string;
}

/**
 * Records money that an operator received, and pays an invoice with it in the same transaction.
 * @throws Refusal `not_found`, `invalid_state`, `amount_out_of_range`, `currency_unsupported`.
 */
export async function recordManualPayment(
  context: Context,
  command: RecordManualPaymentCommand,
): Promise<Attempt> {
  const { organizationId, invoiceId, note } = command;
  const amount = readTopUp(command);
  return inTransaction(context, async (transaction) => {
    const organization = await findOrganization(transaction, organizationId);
    if (!organization) throw notFound('organization', 'organization');
    const invoice =
      invoiceId === undefined
        ? await issueTopUp(context, transaction, { organizationId, amount })
        : await requirePayable(context, transaction, { organizationId, invoiceId, amount });
    return receive(context, transaction, { invoice, amount, note });
  });
}

/**
 * Records that exactly what is due on an invoice was paid another way.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function markInvoicePaid(
  context: Context,
  { id, note }: { id: string; note: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (!invoice) throw notFound('invoice');
    const amount = dueOf(invoice);
    if (!takesMoney(invoice, context.clocks.business()) || amount.minor === 0n) {
      throw new Refusal(
        'invalid_state',
        `Invoice ${labelOf(invoice)} takes no payment: nothing is due on it.`,
      );
    }
    await receive(context, transaction, { invoice, amount, note });
  });
}

async function receive(
  context: Context,
  transaction: Transaction,
  { invoice, amount, note }: { invoice: Invoice; amount: MinorMoney; note: string },
): Promise<Attempt> {
  const { id: invoiceId, organizationId } = invoice;
  const payment = await payAtOnce(context, transaction, {
    ...{ organizationId, invoiceId, amount, provider: 'manual', title: note, exchange: null },
  });
  const { currency } = amount;
  await recordAudit(context, transaction, {
    organizationId,
    action: 'payment.record_manual',
    resource: { kind: 'payment', id: payment.id },
    newValues: { amount: formatMinor(amount), currency, invoice: invoiceId, note },
  });
  return payment;
}

/** An operator's entry can be corrected, so what would be parked is refused here. */
async function requirePayable(
  context: Context,
  transaction: Transaction,
  command: { organizationId: string; invoiceId: string; amount: MinorMoney },
): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, command.invoiceId);
  if (invoice?.organizationId !== command.organizationId) throw notFound('invoice', 'invoice');
  if (!takesMoney(invoice, context.clocks.business())) {
    throw new Refusal(
      'invalid_state',
      `Invoice ${labelOf(invoice)} is ${invoice.status} and takes no payment: leave it out to top up the wallet.`,
      { param: 'invoice' },
    );
  }
  const due = dueOf(invoice);
  if (due.minor !== command.amount.minor || due.currency !== command.amount.currency) {
    throw new Refusal(
      'amount_out_of_range',
      `Of invoice ${invoice.number} ${formatMinor(due)} ${due.currency} is due: record exactly that.`,
      { param: 'amount' },
    );
  }
  return invoice;
}
