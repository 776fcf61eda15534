import type { Answer } from '../../api/call.ts';

/** An invoice with the customer whose it is. */
export type Invoice = Answer<'inspectInvoice'>;
