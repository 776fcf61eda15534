/**
 * The transfers of an invoice. Nothing is posted while it is only owed; credit that it uses stands in `receivable` until
 * it is paid, void or written off, and each of the three empties `receivable`.
 */
import { divideHalfUp, fromMinor, type MinorMoney, type Money } from '../../../platform/money.ts';
import { dueOf, type Invoice } from './invoice.ts';

type InvoiceAccount =
  | 'unapplied'
  | 'receivable'
  | 'exchange'
  | 'wallet'
  | 'deferred'
  | 'revenue'
  | 'tax'
  | 'customer_credit'
  | 'write_off';

export interface InvoicePosting {
  debit: InvoiceAccount;
  credit: InvoiceAccount;
  amount: Money;
  kind: string;
}

export type PostedInvoice = Pick<
  Invoice,
  | 'kind'
  | 'status'
  | 'total'
  | 'taxMinor'
  | 'exchange'
  | 'creditAppliedMinor'
  | 'creditedMinor'
  | 'creditedTaxMinor'
  | 'creditedDueMinor'
>;

/** What is left of an invoice after its credit notes. */
export function restOf(invoice: PostedInvoice): { total: bigint; tax: bigint; collected: bigint } {
  const { total, taxMinor, creditAppliedMinor } = invoice;
  const returned = invoice.creditedMinor - invoice.creditedDueMinor;
  return {
    total: total.minor - invoice.creditedMinor,
    tax: taxMinor - invoice.creditedTaxMinor,
    collected: creditAppliedMinor - returned,
  };
}

/** Credit that an invoice uses: it is in `receivable` before any money. */
export function creditUsePostings(used: MinorMoney): InvoicePosting[] {
  return only([['customer_credit', 'receivable', used.minor, 'credit']], used.currency);
}

/** What is due was paid: it becomes wallet money, or tax and what is earned now or later. */
export function paidPostings(invoice: PostedInvoice): InvoicePosting[] {
  if (invoice.kind === 'top_up') return topUpPostings(invoice);
  const { currency } = invoice.total;
  const due = dueOf(invoice).minor;
  const rest = restOf(invoice);
  const paid: Row = ['unapplied', 'receivable', due, 'invoice'];
  if (invoice.status === 'uncollectible') {
    const tax = rest.tax - taxCollected(invoice);
    return only(
      [
        paid,
        ['receivable', 'tax', tax, 'tax'],
        ['receivable', 'write_off', due - tax, 'write_off'],
      ],
      currency,
    );
  }
  return only(
    [
      paid,
      ['receivable', 'tax', rest.tax, 'tax'],
      ['receivable', soldTo(invoice), rest.total - rest.tax, 'sale'],
    ],
    currency,
  );
}

/** Nobody will pay it: what was sold is earned as ever, and the loss stands beside it. Tax is owed on what came in. */
export function writeOffPostings(invoice: PostedInvoice): InvoicePosting[] {
  const rest = restOf(invoice);
  const tax = taxCollected(invoice);
  const lost = dueOf(invoice).minor - (rest.tax - tax);
  return only(
    [
      ['write_off', 'receivable', lost, 'write_off'],
      ['receivable', 'tax', tax, 'tax'],
      ['receivable', soldTo(invoice), rest.total - rest.tax, 'sale'],
    ],
    invoice.total.currency,
  );
}

/** It is off: the credit that it used is the customer's again. */
export function voidPostings(invoice: PostedInvoice): InvoicePosting[] {
  const { collected } = restOf(invoice);
  return only([['receivable', 'customer_credit', collected, 'credit']], invoice.total.currency);
}

/** A credit note: what was paid becomes the customer's credit; what is only owed was never posted. */
export function creditNotePostings(
  invoice: Pick<Invoice, 'status'>,
  note: { currency: string; totalMinor: bigint; taxMinor: bigint; toCreditMinor: bigint },
  takenFrom: 'revenue' | 'deferred',
): InvoicePosting[] {
  const rows: Row[] =
    invoice.status === 'paid'
      ? [
          [takenFrom, 'customer_credit', note.totalMinor - note.taxMinor, 'credit_note'],
          ['tax', 'customer_credit', note.taxMinor, 'credit_note'],
        ]
      : [['receivable', 'customer_credit', note.toCreditMinor, 'credit_note']];
  return only(rows, note.currency);
}

function topUpPostings(invoice: PostedInvoice): InvoicePosting[] {
  const { total, exchange } = invoice;
  const { minor, currency } = total;
  const kind = 'top_up';
  if (!exchange) {
    return only(
      [
        ['unapplied', 'receivable', minor, 'invoice'],
        ['receivable', 'wallet', minor, kind],
      ],
      currency,
    );
  }
  return [
    ...only(
      [
        ['unapplied', 'receivable', minor, 'invoice'],
        ['receivable', 'exchange', minor, kind],
      ],
      currency,
    ),
    ...only([['exchange', 'wallet', exchange.amount.minor, kind]], exchange.amount.currency),
  ];
}

/** What is sold over a time is earned day by day, by whoever sold it; what an operator invoices was delivered. */
function soldTo({ kind }: Pick<Invoice, 'kind'>): 'revenue' | 'deferred' {
  return kind === 'manual' ? 'revenue' : 'deferred';
}

/** The share of the tax in what credit has paid. */
function taxCollected(invoice: PostedInvoice): bigint {
  const { total, tax, collected } = restOf(invoice);
  return total === 0n ? 0n : divideHalfUp(tax * collected, total);
}

type Row = [debit: InvoiceAccount, credit: InvoiceAccount, minor: bigint, kind: string];

function only(rows: readonly Row[], currency: string): InvoicePosting[] {
  return rows
    .filter(([, , minor]) => minor !== 0n)
    .map(([debit, credit, minor, kind]) => ({
      debit,
      credit,
      amount: fromMinor({ minor, currency }),
      kind,
    }));
}
