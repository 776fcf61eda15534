import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import type { Invoice } from '../core/invoice.ts';
import { findInvoiceByBillingKey, insertInvoice, saveNumber } from '../store.ts';
import { type ComposedInvoice, composeInvoice } from './compose-invoice.ts';
import { finalizeDraft } from './finalize-draft.ts';
import { numberAtEnd } from './number-at-end.ts';
import { takeWaitingLines } from './take-waiting.ts';
import { tellOfInvoice } from './tell-of-invoice.ts';
import { useCredit } from './use-credit.ts';

/**
 * Issues an invoice: lines, discounts and tax as of now, less the customer's credit. Its number comes at the end of the
 * transaction, so read it again after that. Under a billing key that was used before it answers the first invoice and
 * changes nothing; where that is still a draft, it is finalized with these lines.
 * @throws Refusal `rule_violated`, `currency_unsupported`, `amount_out_of_range`: see `composeInvoice`.
 */
export async function issueInvoice(
  context: Context,
  transaction: Transaction,
  command: IssueInvoiceCommand,
): Promise<Invoice> {
  const billed = await findBilled(transaction, command);
  if (billed) return answerBilled(context, transaction, { billed, command });
  const waiting = command.takesWaiting ? await takeWaitingLines(context, transaction, command) : [];
  const whole =
    waiting.length === 0 ? command : { ...command, lines: [...command.lines, ...waiting] };
  const composed = await composeInvoice(context, transaction, { command: whole, status: 'open' });
  if (await insertInvoice(transaction, composed.invoice)) {
    return complete(context, transaction, composed);
  }
  invariant(waiting.length === 0, 'what takes others’ lines is issued behind a lock');
  // Another process was first: its commit is what the insert has waited for.
  const first = await findBilled(transaction, command);
  invariant(first, 'a billing key that is taken names an invoice');
  return answerBilled(context, transaction, { billed: first, command });
}

/** What was made under this billing key before. */
export async function findBilled(
  transaction: Transaction,
  { billingKey }: IssueInvoiceCommand,
): Promise<Invoice | undefined> {
  return billingKey === undefined ? undefined : findInvoiceByBillingKey(transaction, billingKey);
}

async function answerBilled(
  context: Context,
  transaction: Transaction,
  { billed, command }: { billed: Invoice; command: IssueInvoiceCommand },
): Promise<Invoice> {
  if (billed.status !== 'draft') return billed;
  const { lines, discounts = [] } = command;
  return finalizeDraft(context, transaction, { id: billed.id, lines, discounts });
}

async function complete(
  context: Context,
  transaction: Transaction,
  { invoice, credit, prefix }: ComposedInvoice,
): Promise<Invoice> {
  await useCredit(context, transaction, { invoice, credit });
  await numberAtEnd(context, transaction, {
    prefix,
    issuedAt: invoice.issuedAt,
    save: (number) => saveNumber(transaction, { id: invoice.id, number }),
  });
  await tellOfInvoice(context, transaction, { invoice, is: 'issued' });
  return invoice;
}
