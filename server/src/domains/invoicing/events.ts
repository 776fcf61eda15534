/** What invoices tell, within the transaction that makes it true. */
import { defineEvent } from '../../platform/events.ts';
import type { InvoiceKind } from './core/invoice.ts';

interface AboutInvoice {
  invoiceId: string;
  organizationId: string;
  kind: InvoiceKind;
  /** What the invoice is for: the organization package or subscription, or the invoice itself for a top-up. */
  reference: string;
}

/** The money is where it belongs: in the wallet, or in `deferred` for what has yet to be delivered. */
export const invoicePaid = defineEvent<AboutInvoice>('invoice.paid');

/** Nobody paid it in time, or an operator called it off: nobody can pay it any more. */
export const invoiceVoided = defineEvent<AboutInvoice>('invoice.voided');

/** Its term is over and it is still owed. Once for each invoice; a purchase is void instead. */
export const invoiceOverdue = defineEvent<AboutInvoice>('invoice.overdue');

/** An operator has given up on it. What it sold is in `deferred` now; should it be paid all the same, it is not again. */
export const invoiceWrittenOff = defineEvent<AboutInvoice>('invoice.written_off');

/** A part of the invoice was taken back; without tax, in the invoice's currency. */
export const creditNoteIssued = defineEvent<
  AboutInvoice & { creditNoteId: string; netMinor: string; currency: string }
>('credit_note.issued');
