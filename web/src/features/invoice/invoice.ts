/** Invoices and credit notes, as customers and operators read them. */
import type { Answer } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

export type Invoice = Answer<'getInvoice'>;
export type CreditNote = Answer<'getCreditNote'>;
export type InvoiceLine = Invoice['lines'][number];

/** What an invoice stands at; `lapsed` is a purchase that nobody paid in its time, which is called off by itself. */
export type Standing = Invoice['status'] | 'overdue' | 'lapsed';

export function standingOf({
  status,
  overdue,
  kind,
}: Pick<Invoice, 'status' | 'overdue' | 'kind'>): Standing {
  if (status !== 'open' || !overdue) return status;
  return kind === 'top_up' || kind === 'package' ? 'lapsed' : 'overdue';
}

/** Whether money for it would be taken: a debt that was given up may still be paid. */
export function isPayable(invoice: Pick<Invoice, 'status' | 'overdue' | 'kind' | 'due'>): boolean {
  const payable: readonly Standing[] = ['open', 'overdue', 'uncollectible'];
  return payable.includes(standingOf(invoice)) && toNanos(invoice.due) > 0n;
}

export type TotalsRow =
  | { what: 'subtotal' | 'discount' | 'total' | 'credit' | 'creditNotes' | 'due'; amount: string }
  | { what: 'tax' | 'taxIncluded'; name: string; rate: string; amount: string };

/** Of an invoice, or of what would be invoiced. */
type Totals = Pick<
  Invoice,
  'subtotal' | 'discount' | 'taxes' | 'tax_inclusive' | 'total' | 'credit_applied' | 'due'
> & { status?: Invoice['status'] };

/** The way from the lines to what is due, row by row; what is nothing is left out. */
export function totalsOf(invoice: Totals): TotalsRow[] {
  const { subtotal, discount, taxes, total } = invoice;
  return [
    { what: 'subtotal', amount: subtotal },
    ...unlessZero('discount', -toNanos(discount)),
    ...taxes.map(
      ({ name, rate, amount }): TotalsRow => ({
        what: invoice.tax_inclusive ? 'taxIncluded' : 'tax',
        ...{ name, rate, amount },
      }),
    ),
    { what: 'total', amount: total },
    ...wayToDue(invoice),
  ];
}

/**
 * Below zero it is given back, and nothing is due, nor on a draft; a paid or void invoice owes nothing, whatever lessened
 * it.
 */
function wayToDue({ status, total, credit_applied: credit, due }: Totals): TotalsRow[] {
  if (toNanos(total) < 0n || status === 'draft') return [];
  const isOwed = status !== 'paid' && status !== 'void';
  const takenBack = isOwed ? toNanos(total) - toNanos(credit) - toNanos(due) : 0n;
  return [
    ...unlessZero('credit', -toNanos(credit)),
    ...unlessZero('creditNotes', -takenBack),
    { what: 'due', amount: due },
  ];
}

function unlessZero(what: 'discount' | 'credit' | 'creditNotes', nanos: bigint): TotalsRow[] {
  return nanos === 0n ? [] : [{ what, amount: fromNanos(nanos) }];
}
