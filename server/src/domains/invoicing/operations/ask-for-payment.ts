import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { queueMail } from '../../delivery/index.ts';
import { listMembers } from '../../identity/index.ts';
import type { DeclineCode } from '../../payments/index.ts';
import { dueOf, type Invoice, takesMoney } from '../core/invoice.ts';
import { payLinkMail } from '../core/mails.ts';
import { lockInvoice, markAsked } from '../store.ts';
import { payLinkOf } from './pay-link-of.ts';

/** Mails where to pay, and why what was charged first did not pay. */
export async function askForPayment(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
  reason?: DeclineCode,
): Promise<void> {
  const { locale } = invoice.customer;
  const { url: link } = await payLinkOf(context, transaction, { invoiceId: invoice.id });
  for (const to of await recipientsOf(transaction, invoice)) {
    const { timeZone } = context.config;
    const mail = payLinkMail(invoice, { locale, link, timeZone, reason });
    await queueMail(context, transaction, { to, ...mail });
  }
  await markAsked(transaction, invoice.id, context.clocks.business());
}

/** The address for invoices, else everyone who may pay. */
export async function recipientsOf(
  executor: Executor,
  { organizationId, customer: { email } }: Pick<Invoice, 'organizationId' | 'customer'>,
): Promise<string[]> {
  if (email !== null) return [email];
  return (await listMembers(executor, organizationId))
    .filter(({ role, status }) => role !== 'member' && status === 'active')
    .map((payer) => payer.email);
}

/** A charge that we began brings no money: the customer is asked for it, once. */
export async function askAfterDecline(
  context: Context,
  transaction: Transaction,
  { invoiceId, code }: { invoiceId: string; code: DeclineCode },
): Promise<void> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (!invoice || invoice.askedAt) return;
  const isOwed = takesMoney(invoice, context.clocks.business()) && dueOf(invoice).minor > 0n;
  if (isOwed) await askForPayment(context, transaction, invoice, code);
}
