import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { readSetting } from '../../settings/index.ts';
import { creditNotePostings } from '../core/application.ts';
import { type CreditNote, type CreditRefusal, decideCreditNote } from '../core/credit-note.ts';
import type { CreateCreditNoteCommand } from '../core/doors.ts';
import { dueOf, type Invoice, labelOf } from '../core/invoice.ts';
import {
  findNotesOf,
  insertCreditNote,
  notesOfInvoiceMax,
  saveCreditNoteNumber,
} from '../credit-notes-store.ts';
import { creditNoteIssued } from '../events.ts';
import { lockInvoice, saveCredited } from '../store.ts';
import { completePayment } from './complete-payment.ts';
import { creditFapiao } from './credit-fapiao.ts';
import { numberAtEnd } from './number-at-end.ts';

/**
 * Takes back a part or the whole of an invoice: first what is still due on it, the rest becomes the customer's credit.
 * An invoice of which nothing is due any more is paid. Its number comes at the end of the transaction.
 * @throws Refusal `not_found`, `invalid_state`, `amount_out_of_range`, `currency_unsupported`, `rule_violated`.
 */
export async function createCreditNote(
  context: Context,
  transaction: Transaction,
  command: CreateCreditNoteCommand,
): Promise<CreditNote> {
  const invoice = await lockInvoice(transaction, command.invoiceId);
  if (!invoice) throw notFound('invoice');
  const note = await decide(context, transaction, { invoice, command });
  await insertCreditNote(transaction, note);
  const credited: Invoice = {
    ...invoice,
    creditedMinor: invoice.creditedMinor + note.totalMinor,
    creditedTaxMinor: invoice.creditedTaxMinor + note.taxMinor,
    creditedDueMinor: invoice.creditedDueMinor + note.againstDueMinor,
  };
  await saveCredited(transaction, credited);
  await postTransfers(
    context,
    transaction,
    invoice.organizationId,
    creditNotePostings(invoice, note, command.takenFrom ?? 'revenue').map((posting) => ({
      ...posting,
      reference: note.id,
    })),
  );
  await tell(context, transaction, { invoice, note });
  await creditFapiao(context, transaction, { invoice: credited, reason: note.reason });
  if (invoice.status === 'open' && dueOf(credited).minor === 0n) {
    await completePayment(context, transaction, {
      invoice: credited,
      by: { credit_note: note.id },
    });
  }
  const { credit_note_prefix: prefix } = await readSetting(transaction, 'seller');
  await numberAtEnd(context, transaction, {
    prefix,
    issuedAt: note.issuedAt,
    save: (number) => saveCreditNoteNumber(transaction, note.id, number),
  });
  return note;
}

async function decide(
  context: Context,
  transaction: Transaction,
  { invoice, command }: { invoice: Invoice; command: CreateCreditNoteCommand },
): Promise<CreditNote> {
  const notes = await findNotesOf(transaction, invoice.id);
  const byLine = new Map<number, bigint>();
  for (const { position, amountMinor } of notes.flatMap(({ lines }) => lines)) {
    if (position !== null) byLine.set(position, (byLine.get(position) ?? 0n) + amountMinor);
  }
  const decision = decideCreditNote(invoice, command.credit, byLine);
  if (!decision.allowed) throw refuse(decision.reason, invoice);
  if (notes.length >= notesOfInvoiceMax || invoice.number === null) {
    throw new Refusal('rule_violated', 'This invoice takes no further credit note.');
  }
  const { allowed: _allowed, ...figures } = decision;
  const issuedAt = context.clocks.business();
  return {
    id: newId('cn', issuedAt),
    number: null,
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    invoiceNumber: invoice.number,
    currency: invoice.total.currency,
    reason: command.reason,
    seller: invoice.seller,
    customer: invoice.customer,
    isTaxInclusive: invoice.isTaxInclusive,
    ...figures,
    remainingMinor: figures.toCreditMinor,
    issuedAt,
  };
}

function refuse(reason: CreditRefusal, invoice: Invoice): Refusal {
  const { total } = invoice;
  const number = labelOf(invoice);
  switch (reason) {
    case 'not_creditable':
      return new Refusal(
        'invalid_state',
        `Invoice ${number} (${invoice.kind}, ${invoice.status}) takes no credit note: void what is open and unpaid, and refund a top-up.`,
      );
    case 'nothing_left':
      return new Refusal('invalid_state', `Invoice ${number} was credited in full already.`);
    case 'line_unknown':
      return new Refusal('rule_violated', 'Name lines of this invoice, each once.', {
        param: 'lines',
      });
    case 'wrong_currency':
      return new Refusal('currency_unsupported', `Credit this invoice in ${total.currency}.`, {
        param: 'currency',
      });
    case 'exceeds_remaining':
      return new Refusal('amount_out_of_range', `Credit no more than is left of ${number}.`, {
        param: 'amount',
      });
  }
}

async function tell(
  context: Context,
  transaction: Transaction,
  { invoice, note }: { invoice: Invoice; note: CreditNote },
): Promise<void> {
  const { id: invoiceId, organizationId, kind, reference } = invoice;
  const { currency } = note;
  await context.events.announce(context, transaction, creditNoteIssued, {
    ...{ invoiceId, organizationId, kind, reference },
    creditNoteId: note.id,
    netMinor: String(note.totalMinor - note.taxMinor),
    currency,
  });
  await announceHappening(context, transaction, 'credit_note.issued', {
    organizationId,
    data: {
      ...{ credit_note: note.id, invoice: invoiceId, currency },
      amount: formatMinor({ minor: note.totalMinor, currency }),
    },
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'credit_note.create',
    resource: { kind: 'credit_note', id: note.id },
    newValues: {
      invoice: invoiceId,
      total: formatMinor({ minor: note.totalMinor, currency }),
      against_due: formatMinor({ minor: note.againstDueMinor, currency }),
      currency,
      reason: note.reason,
    },
  });
}
