import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { queueMail } from '../../delivery/index.ts';
import { recipientsOf } from '../../identity/index.ts';
import type { DeclineCode } from '../../payments/index.ts';
import { dueOf, type Invoice, takesMoney } from '../core/invoice.ts';
import { payLinkMail } from '../core/mails.ts';
import { lockInvoice, markAsked } from '../store.ts';
import { payLinkOf } from './pay-link-of.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';

/** Mails where to pay, and why what was charged first did not pay. */
export async function askForPayment(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
  reason?: DeclineCode,
): Promise<void> {
  const { locale } = invoice.customer;
  const { url: link } = await payLinkOf(context, transaction, { invoiceId: invoice.id });
  const asking = { config: context.config, database: transaction };
  for (const { email: to } of await recipientsOf(asking, invoice.organizationId, 'invoice.to_pay', {
    unlessSaid: invoice.customer.email,
  })) {
    const { timeZone } = context.config;
    const mail = payLinkMail(invoice, { locale, link, timeZone, reason });
    await queueMail(context, transaction, { to, ...mail });
  }
  await markAsked(transaction, invoice.id, context.clocks.business());
  await tellOfInvoice(context, transaction, { invoice, is: 'payment_requested' });
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
