import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { type Attempt, payAtOnce } from '../../payments/index.ts';
import { type Invoice, isOverdue } from '../core/invoice.ts';
import { lockInvoice } from '../store.ts';
import { exchangeToWallet } from './exchange-to-wallet.ts';
import { issueInvoice } from './issue-invoice.ts';
import { readTopUp, topUpDescription } from './top-up-wallet.ts';

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
    const payment = await payAtOnce(context, transaction, {
      organizationId,
      invoiceId: invoice.id,
      amount,
      provider: 'manual',
      title: note,
      exchange: null,
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'payment.record_manual',
      resource: { kind: 'payment', id: payment.id },
      newValues: {
        amount: formatMinor(amount),
        currency: amount.currency,
        invoice: invoice.id,
        note,
      },
    });
    return payment;
  });
}

async function issueTopUp(
  context: Context,
  transaction: Transaction,
  { organizationId, amount }: { organizationId: string; amount: MinorMoney },
): Promise<Invoice> {
  return issueInvoice(context, transaction, {
    organizationId,
    kind: 'top_up',
    description: topUpDescription,
    total: amount,
    exchange: await exchangeToWallet(context, transaction, amount),
  });
}

/** An operator's entry can be corrected, so what would be parked is refused here. */
async function requirePayable(
  context: Context,
  transaction: Transaction,
  command: { organizationId: string; invoiceId: string; amount: MinorMoney },
): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, command.invoiceId);
  if (invoice?.organizationId !== command.organizationId) throw notFound('invoice', 'invoice');
  if (invoice.status !== 'open' || isOverdue(invoice, context.clocks.business())) {
    throw new Refusal(
      'invalid_state',
      `Invoice ${invoice.number} takes no payment any more: leave it out to top up the wallet.`,
      { param: 'invoice' },
    );
  }
  const { total } = invoice;
  if (total.minor !== command.amount.minor || total.currency !== command.amount.currency) {
    throw new Refusal(
      'amount_out_of_range',
      `Invoice ${invoice.number} is over ${formatMinor(total)} ${total.currency}: record exactly that.`,
      { param: 'amount' },
    );
  }
  return invoice;
}
