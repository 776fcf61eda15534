/** What other domains may use of invoicing: issue an invoice for what is bought, and hear when it is paid. */

export type { Composition, InvoiceTax } from './core/compose.ts';
export { purchaseLine } from './core/compose.ts';
export type { CreditNote } from './core/credit-note.ts';
export type {
  Collection,
  CreateCreditNoteCommand,
  InvoiceDraft,
  IssueInvoiceCommand,
} from './core/doors.ts';
export { dueOf, type Exchange, type Invoice, type InvoiceKind, netOf } from './core/invoice.ts';
export type { LineKind, LinePeriod, LineText, NewLine } from './core/line.ts';
export type { LineCode } from './core/line-words.ts';
export { type PurchaseView, presentPreview } from './core/present.ts';
export {
  type Discount,
  type Draft,
  type DraftLine,
  defaultRules,
  type Totals,
  type TotalsRules,
  totalsOf,
} from './core/totals.ts';
export { invoiceOverdue, invoicePaid, invoiceVoided } from './events.ts';
export { registerInvoicing } from './http.ts';
export { invoicingJobs } from './jobs.ts';
export { invoicingListeners } from './listeners.ts';
export { collectInvoice } from './operations/collect-invoice.ts';
export { createCreditNote } from './operations/create-credit-note.ts';
export { handleEach } from './operations/handle-each.ts';
export { issueInvoice } from './operations/issue-invoice.ts';
export { judgeOverdueInvoices } from './operations/judge-overdue-invoices.ts';
export { type InvoicePreview, previewInvoice } from './operations/preview-invoice.ts';
export { getInvoice } from './operations/read-invoices.ts';
export {
  type RecordManualPaymentCommand,
  recordManualPayment,
} from './operations/record-manual-payment.ts';
export { requireCustomer } from './operations/require-customer.ts';
export { issueTopUp } from './operations/top-up-wallet.ts';
export { voidInvoice } from './operations/void-invoice.ts';
export { findInvoice, hasOverdue, lockInvoice } from './store.ts';
