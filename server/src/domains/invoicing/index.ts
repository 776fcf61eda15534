/** What other domains may use of invoicing: issue an invoice for what is bought, and hear when it is paid. */

export { purchaseLine } from './core/compose.ts';
export type { InvoiceDraft } from './core/doors.ts';
export { dueOf, type Invoice, netOf, payerOf } from './core/invoice.ts';
export type { LineText, NewLine } from './core/line.ts';
export { type PurchaseView, presentPreview } from './core/present.ts';
export { type Discount, defaultRules, type TotalsRules, totalsOf } from './core/totals.ts';
export { invoiceOverdue, invoicePaid, invoiceVoided, invoiceWrittenOff } from './events.ts';
export { registerInvoicing } from './http.ts';
export { invoicingJobs } from './jobs.ts';
export { invoicingListeners } from './listeners.ts';
export { collectInvoice, payFromWalletWithin } from './operations/collect-invoice.ts';
export { createCreditNote } from './operations/create-credit-note.ts';
export { handleEach } from './operations/handle-each.ts';
export { issueInvoice } from './operations/issue-invoice.ts';
export { judgeOverdueInvoices } from './operations/judge-overdue-invoices.ts';
export { newPayLink, payLinkOf } from './operations/pay-link-of.ts';
export {
  createPayLink,
  getLinkedPayment,
  getPayableInvoice,
  payLinkedInvoice,
  presentLinkPayment,
  providersFor,
} from './operations/pay-links.ts';
export { invoicingPersonalData } from './operations/personal-data.ts';
export { previewInvoice } from './operations/preview-invoice.ts';
export { getInvoice } from './operations/read-invoices.ts';
export { recordManualPayment } from './operations/record-manual-payment.ts';
export { requireCustomer } from './operations/require-customer.ts';
export { issueTopUp } from './operations/top-up-wallet.ts';
export { voidInvoice } from './operations/void-invoice.ts';
export { writeOffInvoice } from './operations/write-off-invoice.ts';
export {
  type Aged,
  type Debtor,
  type LatePayer,
  listDebtors,
  listLatePayers,
  sumOpenOf,
  sumOverdue,
} from './overdue-store.ts';
export { findInvoice, listInvoiceRows, listOverdue, lockInvoice, lockInvoices } from './store.ts';
