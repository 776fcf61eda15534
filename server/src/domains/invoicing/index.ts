/** What other domains may use of invoicing: issue an invoice for what is bought, and hear when it is paid. */
export type {
  Collection,
  CreateCreditNoteCommand,
  InvoiceDraft,
  IssueInvoiceCommand,
} from './core/doors.ts';
export type { Exchange, Invoice, InvoiceKind } from './core/invoice.ts';
export type { LineKind, LinePeriod, LineText, NewLine } from './core/line.ts';
export type { LineCode } from './core/line-words.ts';
export type { PurchaseView } from './core/present.ts';
export {
  type Discount,
  type Draft,
  type DraftLine,
  defaultRules,
  type Totals,
  type TotalsRules,
  totalsOf,
} from './core/totals.ts';
export { invoicePaid, invoiceVoided } from './events.ts';
export { registerInvoicing } from './http.ts';
export { invoicingJobs } from './jobs.ts';
export { invoicingListeners } from './listeners.ts';
export { exchangeToWallet } from './operations/exchange-to-wallet.ts';
export { handleEach } from './operations/handle-each.ts';
export { issueInvoice } from './operations/issue-invoice.ts';
export { getInvoice } from './operations/read-invoices.ts';
export {
  type RecordManualPaymentCommand,
  recordManualPayment,
} from './operations/record-manual-payment.ts';
export { requireCustomer } from './operations/require-customer.ts';
export { voidOverdueInvoices } from './operations/void-overdue-invoices.ts';
