/** Quotes, as customers and operators read them. */
import type { Answer } from '../../api/call.ts';

export type Quote = Answer<'getQuote'>;
export type QuotePreview = Answer<'previewQuote'>;

export const quoteStatuses = [
  'draft',
  'sent',
  'accepted',
  'declined',
  'expired',
  'withdrawn',
] as const;
