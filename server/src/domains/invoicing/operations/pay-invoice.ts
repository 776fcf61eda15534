import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { addDays } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import { countAttempts, openAttempt, startPayment } from '../../payments/index.ts';
import { dueOf, type Invoice, lapsesUnpaid, takesMoney } from '../core/invoice.ts';
import { type PurchaseView, titleOf } from '../core/present.ts';
import { lockInvoice } from '../store.ts';
import { chargeWallet } from './collect-invoice.ts';
import { purchaseTermDays } from './compose-invoice.ts';
import { getInvoice } from './read-invoices.ts';
import { requireCustomer } from './require-customer.ts';

export interface PayInvoiceCommand {
  organizationId: string;
  invoiceId: string;
  provider: string;
  returnUrl: string | undefined;
}

/** Each try is an order at the provider that may still be paid; nobody needs more of them open. */
const attemptsMax = 20;

/**
 * Starts another payment of an open invoice: an order number serves once, so paying again is a new attempt. Should two
 * of them be paid in the end, the second one's money is parked. From the wallet it is paid at once.
 * @throws Refusal `not_found`, `invalid_state`, `insufficient_funds`, `provider_unavailable`, `currency_unsupported`,
 *   `rule_violated`, `organization_suspended`.
 */
export async function payInvoice(
  context: Context,
  command: PayInvoiceCommand,
): Promise<PurchaseView> {
  const { organizationId, provider, returnUrl } = command;
  const opened = await inTransaction(context, async (transaction) => {
    await requireCustomer(transaction, organizationId);
    const invoice = await requireOpen(context, transaction, command);
    const isWallet = provider === 'wallet' && invoice.kind !== 'top_up';
    const paymentId = isWallet
      ? await chargeWallet(context, transaction, invoice)
      : await openAttempt(context, transaction, {
          organizationId,
          invoiceId: invoice.id,
          amount: dueOf(invoice),
          provider,
          title: titleOf(invoice),
          returnUrl,
          expiresAt: expiryOf(context, invoice),
        });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invoice.pay',
      resource: { kind: 'invoice', id: invoice.id },
      newValues: { payment: paymentId, provider },
    });
    return paymentId;
  });
  const payment = await startPayment(context, opened);
  return { invoice: await getInvoice(context, { organizationId, id: command.invoiceId }), payment };
}

async function requireOpen(
  context: Context,
  transaction: Transaction,
  { organizationId, invoiceId }: PayInvoiceCommand,
): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (invoice?.organizationId !== organizationId || invoice.status === 'draft') {
    throw notFound('invoice');
  }
  if (!takesMoney(invoice, context.clocks.business())) {
    throw new Refusal(
      'invalid_state',
      `Invoice ${invoice.number} is paid or closed: nothing is due on it.`,
    );
  }
  if ((await countAttempts(transaction, invoice.id)) >= attemptsMax) {
    throw new Refusal(
      'rule_violated',
      `Invoice ${invoice.number} was tried ${attemptsMax} times: buy anew.`,
    );
  }
  return invoice;
}

/** An order is good until the term's end; one for a debt past its term gets a term of its own. */
function expiryOf(context: Context, invoice: Invoice): Date {
  if (lapsesUnpaid(invoice.kind)) return invoice.dueAt;
  const ownEnd = addDays(context.clocks.business(), purchaseTermDays, context.config.timeZone);
  return invoice.dueAt > ownEnd ? invoice.dueAt : ownEnd;
}
