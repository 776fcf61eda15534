/** What issuing, previewing and crediting are asked for. */
import type { MinorMoney } from '../../../platform/money.ts';
import type { InvoiceKind } from './invoice.ts';
import type { LinePeriod, NewLine } from './line.ts';
import type { Discount } from './totals.ts';

/** What an invoice is made of before anything is computed. */
export interface InvoiceDraft {
  organizationId: string;
  kind: InvoiceKind;
  currency: string;
  lines: readonly NewLine[];
  /** Applied one after the other, each to what the ones before left. */
  discounts?: readonly Discount[];
  period?: LinePeriod;
  /** Takes what waits for it, where the customer's invoices are consolidated. */
  takesWaiting?: boolean;
}

export interface IssueInvoiceCommand extends InvoiceDraft {
  /** What it is for: the organization package, the subscription; the invoice itself when left out. */
  reference?: string;
  /** Under which it can be issued only once, such as `sub_… 2026-03-01`; a repeat answers the first. */
  billingKey?: string;
  /** Days until it is due; by default those of its kind and customer. */
  dueInDays?: number;
  /** Of a draft: the subscription's next invoice takes its lines. */
  isWaiting?: boolean;
  /** Freezes what is due in the wallet's currency, where the wallet is one side of it. */
  isExchanged?: boolean;
}

export interface CreateCreditNoteCommand {
  invoiceId: string;
  /** All that is left of the invoice, parts of its lines (before tax), or an amount with its tax in it. */
  credit:
    | { kind: 'whole' }
    | { kind: 'lines'; lines: readonly { position: number; amount?: MinorMoney | undefined }[] }
    | { kind: 'amount'; amount: MinorMoney };
  reason: string;
  /**
   * Where what it takes back stands: `revenue` (the default) even before it is earned, for recognition goes on;
   * `deferred` for a caller that stops recognition itself.
   */
  takenFrom?: 'revenue' | 'deferred';
}

/**
 * `under_way`: a stored method is charged, and it is not known yet how that ends. `asked`: the customer has a mail with
 * the address to pay at. `closed`: it takes no money.
 */
export type Collection = 'paid' | 'under_way' | 'asked' | 'closed';
