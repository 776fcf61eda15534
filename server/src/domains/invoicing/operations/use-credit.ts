import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { lockFunds, postTransfers } from '../../ledger/index.ts';
import { creditUsePostings, restOf, voidPostings } from '../core/application.ts';
import type { Invoice } from '../core/invoice.ts';
import {
  type CreditLeft,
  type CreditUse,
  changeRemaining,
  findCreditLeft,
  findCreditUses,
  saveCreditUses,
} from '../credit-notes-store.ts';

/** Credit that may be used up, oldest note first, behind the organization's lock; a preview looks without it. */
export async function lockCredit(
  transaction: Transaction,
  customer: { organizationId: string; currency: string },
): Promise<CreditLeft[]> {
  const seen = await findCreditLeft(transaction, customer);
  if (seen.length === 0) return [];
  await lockFunds(transaction, customer.organizationId);
  return findCreditLeft(transaction, customer);
}

/** Uses up as much credit as a new invoice says, and posts it. */
export async function useCredit(
  context: Context,
  transaction: Transaction,
  { invoice, credit }: { invoice: Invoice; credit: readonly CreditLeft[] },
): Promise<void> {
  const { id, organizationId, creditAppliedMinor, total } = invoice;
  if (creditAppliedMinor === 0n) return;
  const uses: CreditUse[] = [];
  let missing = creditAppliedMinor;
  for (const { id: creditNoteId, remainingMinor } of credit) {
    const minor = remainingMinor < missing ? remainingMinor : missing;
    if (minor === 0n) break;
    await changeRemaining(transaction, creditNoteId, -minor);
    uses.push({ creditNoteId, minor });
    missing -= minor;
  }
  invariant(missing === 0n, `invoice ${id} uses no more credit than there is`);
  await saveCreditUses(transaction, id, uses);
  const used = { minor: creditAppliedMinor, currency: total.currency };
  await postTransfers(
    context,
    transaction,
    organizationId,
    creditUsePostings(used).map((posting) => ({ ...posting, reference: id })),
  );
}

/** Gives back what a void invoice has used, the newest note first, and posts it. */
export async function giveCreditBack(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
): Promise<void> {
  let { collected } = restOf(invoice);
  if (collected === 0n) return;
  await lockFunds(transaction, invoice.organizationId);
  const left: CreditUse[] = [];
  for (const { creditNoteId, minor } of await findCreditUses(transaction, invoice.id)) {
    const back = minor < collected ? minor : collected;
    await changeRemaining(transaction, creditNoteId, back);
    left.push({ creditNoteId, minor: minor - back });
    collected -= back;
  }
  invariant(collected === 0n, `invoice ${invoice.id} gives back what it has used`);
  await saveCreditUses(transaction, invoice.id, left);
  await postTransfers(
    context,
    transaction,
    invoice.organizationId,
    voidPostings(invoice).map((posting) => ({ ...posting, reference: invoice.id })),
  );
}
