import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import type { InvoiceDraft } from '../core/doors.ts';
import { dueOf, type Invoice } from '../core/invoice.ts';
import { lockInvoice, replaceDraft, saveNumber } from '../store.ts';
import { completePayment } from './complete-payment.ts';
import { commandOf, composeInvoice } from './compose-invoice.ts';
import { numberAtEnd } from './number-at-end.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';
import { useCredit } from './use-credit.ts';

export interface FinalizeDraftCommand extends Partial<Pick<InvoiceDraft, 'lines' | 'discounts'>> {
  id: string;
}

/**
 * Issues a draft, with other lines or discounts where they are given: seller, customer, tax, credit and rate are those
 * of now. Where nothing is due it is paid at once. What was finalized before is answered as it is.
 * @throws Refusal `not_found`, `rule_violated`, `currency_unsupported`, `amount_out_of_range`.
 */
export async function finalizeDraft(
  context: Context,
  transaction: Transaction,
  { id, ...changes }: FinalizeDraftCommand,
): Promise<Invoice> {
  const draft = await lockInvoice(transaction, id);
  if (!draft) throw notFound('invoice');
  if (draft.status !== 'draft') return draft;
  const command = { ...commandOf(draft), ...changes };
  const composed = await composeInvoice(context, transaction, { command, status: 'open' });
  const invoice: Invoice = { ...composed.invoice, id };
  await replaceDraft(transaction, invoice);
  await useCredit(context, transaction, { invoice, credit: composed.credit });
  await numberAtEnd(context, transaction, {
    prefix: composed.prefix,
    issuedAt: invoice.issuedAt,
    save: (number) => saveNumber(transaction, { id, number }),
  });
  await tellOfInvoice(context, transaction, { invoice, is: 'issued' });
  if (dueOf(invoice).minor > 0n) return invoice;
  await completePayment(context, transaction, { invoice, by: { credit: 'all' } });
  return { ...invoice, status: 'paid', paidAt: invoice.issuedAt };
}
