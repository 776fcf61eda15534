import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { addDays } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  closeOpenAttempts,
  countAttempts,
  findBeside,
  listOpenAttemptIds,
  openAttempt,
  requireOwnMethod,
  requireProvider,
  startPayment,
} from '../../payments/index.ts';
import { dueOf, type Invoice, lapsesUnpaid, payerOf, takesMoney } from '../core/invoice.ts';
import { type PurchaseView, titleOf } from '../core/present.ts';
import { findInvoice, lockInvoice } from '../store.ts';
import { chargeWallet } from './collect-invoice.ts';
import { purchaseTermDays } from './compose-invoice.ts';
import { getInvoice } from './read-invoices.ts';
import { requireCustomer } from './require-customer.ts';

export interface PayInvoiceCommand {
  organizationId: string;
  invoiceId: string;
  /** Null only where a stored method is charged. */
  provider: string | null;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  methodId?: string | undefined;
  returnUrl: string | undefined;
}

/** Each try is an order at the provider that may still be paid; nobody needs more of them open. */
const attemptsMax = 20;

/** Each round closes what others have opened since the last. */
const roundsMax = 5;

/**
 * Starts another payment of an open invoice: an order number serves once, so paying again is a new attempt. What is open
 * at a provider that lets us is closed first; where that comes too late, it is what paid. Asked twice at once, both are
 * given the one order that the first has opened. Should two be paid in the end, the second one's money is parked. From
 * the wallet it is paid at once.
 * @throws Refusal `not_found`, `invalid_state`, `insufficient_funds`, `provider_unavailable`, `currency_unsupported`,
 *   `rule_violated`, `organization_suspended`.
 */
export async function payInvoice(
  context: Context,
  command: PayInvoiceCommand,
): Promise<PurchaseView> {
  for (let round = 1; round <= roundsMax; round += 1) {
    const seen = await listOpenAttemptIds(context.database, command.invoiceId);
    const paid = await makeWay(context, command);
    const paymentId = paid ?? (await open(context, command, seen));
    if (paymentId !== undefined) return answer(context, command, paymentId);
  }
  throw new Refusal('invalid_state', 'Others pay this invoice at the same time: look at it again.');
}

/** Undefined where somebody else has opened another payment since `seen` was listed. */
async function open(
  context: Context,
  command: PayInvoiceCommand,
  seen: readonly string[],
): Promise<string | undefined> {
  const { organizationId, provider, means, savesMethod, methodId, returnUrl } = command;
  return inTransaction(context, async (transaction) => {
    await requireCustomer(transaction, organizationId);
    const invoice = await requireOpen(context, transaction, command);
    const beside = await findBeside(context, transaction, { wanted: command, seen });
    if (beside) return beside.kind === 'same' ? beside.paymentId : undefined;
    const isWallet = provider === 'wallet' && invoice.kind !== 'top_up';
    const paymentId = isWallet
      ? await chargeWallet(context, transaction, invoice)
      : await openAttempt(context, transaction, {
          organizationId,
          invoiceId: invoice.id,
          amount: dueOf(invoice),
          ...{ provider, means, savesMethod, methodId, returnUrl },
          payer: payerOf(invoice),
          title: titleOf(invoice),
          expiresAt: expiryOf(context, invoice),
        });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invoice.pay',
      resource: { kind: 'invoice', id: invoice.id },
      newValues: {
        ...{ payment: paymentId, provider },
        ...(methodId !== undefined && { payment_method: methodId }),
      },
    });
    return paymentId;
  });
}

async function answer(
  context: Context,
  { organizationId, invoiceId }: PayInvoiceCommand,
  paymentId: string,
): Promise<PurchaseView> {
  const payment = await startPayment(context, paymentId);
  return { invoice: await getInvoice(context, { organizationId, id: invoiceId }), payment };
}

/** Answers the payment that has paid meanwhile. */
async function makeWay(
  context: Context,
  { organizationId, invoiceId, provider, methodId }: PayInvoiceCommand,
): Promise<string | undefined> {
  const invoice = await findInvoice(context.database, invoiceId);
  if (invoice?.organizationId !== organizationId || invoice.status === 'draft') {
    throw notFound('invoice');
  }
  // What cannot be paid with closes no page that can.
  if (methodId !== undefined) {
    const method = { organizationId, id: methodId };
    await requireOwnMethod(context.database, method, 'payment_method_id');
  } else if (provider !== 'wallet') await requireProvider(context, context.database, provider);
  const standing = await closeOpenAttempts(context, invoiceId);
  if (standing?.kind === 'under_way') {
    throw new Refusal(
      'invalid_state',
      `A payment of invoice ${invoice.number} is under way: wait until its outcome is known.`,
    );
  }
  return standing?.paymentId;
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
