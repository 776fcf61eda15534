import type { FastifyReply } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import type { CreditNote } from '../core/credit-note.ts';
import type { DocumentLocale } from '../core/document-words.ts';
import type { Invoice } from '../core/invoice.ts';
import { printedCreditNote, printedInvoice } from '../core/printed.ts';
import { printDocument } from '../pdf.ts';

/** Answers an invoice as a file, in the language asked for or the customer's. */
export async function sendInvoice(
  { config }: Context,
  reply: FastifyReply,
  { invoice, locale }: { invoice: Invoice; locale: DocumentLocale | undefined },
): Promise<void> {
  const options = { locale: locale ?? invoice.customer.locale, timeZone: config.timeZone };
  const file = await printDocument(printedInvoice(invoice, options), invoice.issuedAt);
  await send(reply, { file, name: invoice.number ?? invoice.id });
}

/** Answers a credit note likewise. */
export async function sendCreditNote(
  { config }: Context,
  reply: FastifyReply,
  { note, locale }: { note: CreditNote; locale: DocumentLocale | undefined },
): Promise<void> {
  const options = { locale: locale ?? note.customer.locale, timeZone: config.timeZone };
  const file = await printDocument(printedCreditNote(note, options), note.issuedAt);
  await send(reply, { file, name: note.number ?? note.id });
}

async function send(
  reply: FastifyReply,
  { file, name }: { file: Buffer; name: string },
): Promise<void> {
  await reply
    .header('content-type', 'application/pdf')
    .header('content-disposition', `attachment; filename="${name}.pdf"`)
    .header('cache-control', 'private, no-store')
    .send(file);
}
