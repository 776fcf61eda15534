import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/pay-links';
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { getPayment, listPaymentProviders, type PaymentView } from '../../payments/index.ts';
import { type Invoice, takesMoney } from '../core/invoice.ts';
import { presentInvoice } from '../core/present.ts';
import { findLinkedInvoice } from '../pay-links-store.ts';
import { findInvoice } from '../store.ts';
import { payInvoice } from './pay-invoice.ts';
import { pageOfLink, payLinkOf } from './pay-link-of.ts';

type PayableView = AnswerOf<typeof endpoints.getPayable>;
type LinkPaymentView = AnswerOf<typeof endpoints.getLinkPayment>;

/** As `payLinkOf`, of an invoice that was issued. @throws Refusal `not_found`. */
export async function createPayLink(
  context: Context,
  { organizationId, invoiceId }: { organizationId?: string; invoiceId: string },
): Promise<{ link: string; url: string }> {
  const invoice = await findInvoice(context.database, invoiceId);
  const isTheirs = organizationId === undefined || invoice?.organizationId === organizationId;
  if (!invoice || !isTheirs || invoice.status === 'draft') throw notFound('invoice');
  return payLinkOf(context, context.database, { invoiceId });
}

/** What the link is for. It tells what is on the invoice, and of its customer nothing. @throws Refusal `not_found`. */
export async function getPayableInvoice(context: Context, link: string): Promise<PayableView> {
  const invoice = await requireLinked(context, link);
  const now = context.clocks.business();
  const shown = presentInvoice(invoice, now);
  return {
    kind: 'invoice',
    link,
    status: statusOf(invoice, now),
    seller: shown.seller.name,
    number: shown.number,
    currency: shown.currency,
    lines: shown.lines,
    ...{ subtotal: shown.subtotal, tax: shown.tax, total: shown.total, due: shown.due },
    ...{ issued_at: shown.issued_at, due_at: shown.due_at },
    providers: await providersFor(context, shown.currency),
  };
}

function statusOf(invoice: Invoice, now: Date): 'open' | 'paid' | 'closed' {
  if (invoice.status === 'paid') return 'paid';
  return takesMoney(invoice, now) ? 'open' : 'closed';
}

/** Providers that collect this currency. */
export async function providersFor(
  context: Context,
  currency: string,
): Promise<PayableView['providers']> {
  const { data } = await listPaymentProviders(context);
  return data.filter(({ currencies }) => currencies === null || currencies.includes(currency));
}

/**
 * Pays by a provider of the outside: whoever holds the link spends their own money, never the customer's wallet or stored
 * methods.
 * @throws Refusal as `payInvoice`.
 */
export async function payLinkedInvoice(
  context: Context,
  { link, provider, means }: { link: string; provider: string; means?: string | undefined },
): Promise<LinkPaymentView> {
  const { id: invoiceId, organizationId } = await requireLinked(context, link);
  const { data } = await listPaymentProviders(context);
  if (!data.some((offered) => offered.provider === provider)) {
    throw new Refusal('provider_unavailable', 'Choose a payment provider that is on offer.', {
      param: 'provider',
    });
  }
  const { payment } = await payInvoice(context, {
    ...{ organizationId, invoiceId, provider, means },
    returnUrl: pageOfLink(context, link),
  });
  return presentLinkPayment(payment, link);
}

/** @throws Refusal `not_found`, also for another invoice's payment. */
export async function getLinkedPayment(
  context: Context,
  { link, id }: { link: string; id: string },
): Promise<LinkPaymentView> {
  const { id: invoiceId, organizationId } = await requireLinked(context, link);
  const payment = await getPayment(context, { organizationId, id });
  if (payment.invoice !== invoiceId) throw notFound('payment');
  return presentLinkPayment(payment, link);
}

/** As somebody without an account may see it. */
export function presentLinkPayment(payment: PaymentView, link: string): LinkPaymentView {
  return { ...payment, link };
}

async function requireLinked(context: Context, link: string): Promise<Invoice> {
  const invoiceId = await findLinkedInvoice(context.database, link);
  const invoice = invoiceId && (await findInvoice(context.database, invoiceId));
  if (!invoice) throw notFound('pay link', 'link');
  return invoice;
}
