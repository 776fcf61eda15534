import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { isZero } from '../../../platform/ratio.ts';
import {
  createCreditNote,
  type Discount,
  findInvoice,
  type Invoice,
  type InvoiceDraft,
  issueInvoice,
  type NewLine,
  previewInvoice,
} from '../../invoicing/index.ts';
import { listCreditableInvoices } from '../changes-store.ts';
import { isEndless } from '../core/agreed-terms.ts';
import type { Subscription } from '../core/record.ts';

export interface LinesToSettle {
  lines: readonly NewLine[];
  discounts: readonly Discount[];
  period: { from: Date; to: Date };
  /** Under which they are invoiced once. */
  billingKey?: string;
  dueInDays?: number;
  /** Freezes what is due in the wallet's currency. */
  isExchanged?: boolean;
}

/** An invoice where they come to money or use credit, credit notes where they give back, nothing where they are nothing. */
export interface Settled {
  invoice?: Invoice;
  creditNoteId?: string;
}

/** The lines of a subscription's invoice as invoicing takes them. */
export function draftOf(
  { organizationId, state }: Subscription,
  { lines, discounts, period }: LinesToSettle,
): InvoiceDraft {
  const { currency } = state.terms;
  const draft = { organizationId, kind: 'subscription' as const, currency, lines, discounts };
  return isEndless(state.terms) ? draft : { ...draft, period };
}

/** Invoices lines, or gives back what they come to from the invoices that have paid for it, the newest first. */
export async function settleLines(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
  settle: LinesToSettle,
): Promise<Settled> {
  if (settle.lines.every(({ amount }) => isZero(amount))) return {};
  const draft = draftOf(subscription, settle);
  const { totalMinor } = await previewInvoice(context, transaction, draft);
  if (totalMinor < 0n) {
    return giveBack(context, transaction, subscription, -totalMinor);
  }
  const { billingKey, dueInDays, isExchanged } = settle;
  const invoice = await issueInvoice(context, transaction, {
    ...draft,
    reference: subscription.id,
    // What a change is paid with may be called off: lines that wait are taken by what is owed anyway.
    ...(billingKey !== undefined && { billingKey, takesWaiting: true }),
    ...(dueInDays !== undefined && { dueInDays }),
    ...(isExchanged !== undefined && { isExchanged }),
  });
  return { invoice };
}

/** No more than what its invoices came to: what was never paid is not given back. */
async function giveBack(
  context: Context,
  transaction: Transaction,
  { id, state }: Subscription,
  minor: bigint,
): Promise<Settled> {
  const { currency } = state.terms;
  let left = minor;
  let creditNoteId: string | undefined;
  const invoiceIds = await listCreditableInvoices(transaction, id);
  for (const invoiceId of invoiceIds) {
    const invoice = await findInvoice(transaction, invoiceId);
    if (invoice?.status !== 'paid' && invoice?.status !== 'open') continue;
    const creditable = invoice.total.minor - invoice.creditedMinor;
    const part = left < creditable ? left : creditable;
    if (part === 0n) continue;
    const note = await createCreditNote(context, transaction, {
      invoiceId,
      credit: { kind: 'amount', amount: { minor: part, currency } },
      reason: 'Unused time',
    });
    creditNoteId ??= note.id;
    left -= part;
    if (left === 0n) break;
  }
  return creditNoteId === undefined ? {} : { creditNoteId };
}
