/** What shows something else once unapplied money was applied or returned. */
export const unappliedReads = [
  'listUnapplied',
  'inspectPayment',
  'searchRefunds',
  'inspectInvoice',
  'searchInvoices',
  'inspectOrganization',
  'getOverview',
] as const;
