import type { Context } from '../../../platform/context.ts';
import type { CreditNote } from '../core/credit-note.ts';
import type { DocumentLocale } from '../core/document-words.ts';
import type { Invoice } from '../core/invoice.ts';
import { printedCreditNote, printedInvoice } from '../core/printed.ts';
import { printDocument } from '../pdf.ts';

/** A printed document: the bytes of a PDF, and the name to save them under. */
export interface PdfFile {
  name: string;
  bytes: Buffer;
}

/** Prints an invoice in the language asked for, else the customer's. */
export async function printInvoice(
  { config }: Context,
  { invoice, locale }: { invoice: Invoice; locale: DocumentLocale | undefined },
): Promise<PdfFile> {
  const options = { locale: locale ?? invoice.customer.locale, timeZone: config.timeZone };
  const bytes = await printDocument(printedInvoice(invoice, options), invoice.issuedAt);
  return { name: `${invoice.number ?? invoice.id}.pdf`, bytes };
}

/** Prints a credit note likewise. */
export async function printCreditNote(
  { config }: Context,
  { note, locale }: { note: CreditNote; locale: DocumentLocale | undefined },
): Promise<PdfFile> {
  const options = { locale: locale ?? note.customer.locale, timeZone: config.timeZone };
  const bytes = await printDocument(printedCreditNote(note, options), note.issuedAt);
  return { name: `${note.number ?? note.id}.pdf`, bytes };
}
