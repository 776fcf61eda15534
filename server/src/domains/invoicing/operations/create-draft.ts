import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import type { Invoice } from '../core/invoice.ts';
import { insertInvoice } from '../store.ts';
import { composeInvoice } from './compose-invoice.ts';
import { findBilled } from './issue-invoice.ts';

/**
 * Begins an invoice that is still written: no number, nothing posted, not the customer's to see. Under a billing key
 * that was used before it answers what is there, draft or issued.
 * @throws Refusal `rule_violated` where it would give money back.
 */
export async function createDraft(
  context: Context,
  transaction: Transaction,
  command: IssueInvoiceCommand,
): Promise<Invoice> {
  const billed = await findBilled(transaction, command);
  if (billed) return billed;
  const { invoice } = await composeInvoice(context, transaction, { command, status: 'draft' });
  if (await insertInvoice(transaction, invoice)) return invoice;
  const first = await findBilled(transaction, command);
  invariant(first, 'a billing key that is taken names an invoice');
  return first;
}
