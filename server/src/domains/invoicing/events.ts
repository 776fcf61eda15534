/** What invoices tell. Both are announced within the transaction that makes them true. */
import { defineEvent } from '../../platform/events.ts';
import type { InvoiceKind } from './core/invoice.ts';

interface AboutInvoice {
  invoiceId: string;
  organizationId: string;
  kind: InvoiceKind;
  /** What the invoice is for: the organization package, or the invoice itself for a top-up. */
  reference: string;
}

/** The money is where it belongs: in the wallet, or in `deferred` for what has yet to be delivered. */
export const invoicePaid = defineEvent<AboutInvoice>('invoice.paid');

/** Nobody paid it in time, and nobody can any more. */
export const invoiceVoided = defineEvent<AboutInvoice>('invoice.voided');
