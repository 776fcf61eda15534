import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import { type Invoice, labelOf } from '../core/invoice.ts';
import { deleteDraft, lockInvoice, replaceDraft } from '../store.ts';
import { commandOf, composeInvoice } from './compose-invoice.ts';

export interface ChangeDraftCommand
  extends Partial<Pick<IssueInvoiceCommand, 'lines' | 'discounts' | 'dueInDays'>> {
  id: string;
}

/**
 * Writes a draft anew; what is left out stays.
 * @throws Refusal `not_found`, `invalid_state` for what was issued, `rule_violated`.
 */
export async function changeDraft(
  context: Context,
  transaction: Transaction,
  { id, ...changes }: ChangeDraftCommand,
): Promise<Invoice> {
  const draft = await lockDraft(transaction, id);
  const command = { ...commandOf(draft), ...changes };
  const { invoice } = await composeInvoice(context, transaction, { command, status: 'draft' });
  const changed: Invoice = { ...invoice, id, issuedAt: draft.issuedAt };
  await replaceDraft(transaction, changed);
  return changed;
}

/**
 * Throws a draft away; its billing key is free again.
 * @throws Refusal `not_found`, `invalid_state` for what was issued.
 */
export async function discardDraft(
  transaction: Transaction,
  { id }: { id: string },
): Promise<Invoice> {
  const draft = await lockDraft(transaction, id);
  await deleteDraft(transaction, id);
  return draft;
}

async function lockDraft(transaction: Transaction, id: string): Promise<Invoice> {
  const draft = await lockInvoice(transaction, id);
  if (!draft) throw notFound('invoice');
  if (draft.status === 'draft') return draft;
  throw new Refusal(
    'invalid_state',
    `Invoice ${labelOf(draft)} was issued: correct it by a credit note, or void it.`,
  );
}
