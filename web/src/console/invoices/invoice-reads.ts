/** What is read again when an invoice has changed. */
export const invoiceReads = [
  'inspectInvoice',
  'searchInvoices',
  'searchCreditNotes',
  'inspectOrganization',
] as const;
