/** Lists of quotes, and what accepting one would come to; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentQuote, type QuotePreviewView } from '../core/present-quote.ts';
import { decideQuote, type Quote, type QuoteStatus } from '../core/quote.ts';
import { findQuote, listQuoteRows } from '../quotes-store.ts';
import { isSeenBy } from './hold-quote.ts';
import { lookAtAcceptance } from './quote-plan.ts';

/** Of one organization only what it was sent; of all, drafts too. */
export async function listQuotes(
  context: Context,
  query: PageRequest & {
    organizationId?: string | undefined;
    status?: QuoteStatus | undefined;
    isSent: boolean;
  },
) {
  const { organizationId, status, isSent } = query;
  const rows = await listQuoteRows(context.database, {
    ...{ organizationId, status, isSent },
    before: readCursor(query),
    limit: query.limit + 1,
  });
  const now = context.clocks.business();
  return pageOf(
    rows,
    query,
    ({ id }) => id,
    (quote) => presentQuote(quote, now),
  );
}

/** @throws Refusal `not_found`. */
export async function requireQuote(
  context: Context,
  { id, organizationId }: { id: string; organizationId?: string },
): Promise<Quote> {
  const quote = await findQuote(context.database, id);
  if (!quote || !isSeenBy(quote, organizationId)) throw notFound('quote');
  return quote;
}

/**
 * What accepting it now would invoice; of a draft, what it would once it is sent.
 * @throws Refusal `not_found`, `invalid_state`, and as `acceptQuote` does.
 */
export async function previewQuote(
  context: Context,
  of: { id: string; organizationId?: string },
): Promise<QuotePreviewView> {
  const quote = await requireQuote(context, of);
  const now = context.clocks.business();
  const event = quote.status === 'draft' ? 'send' : 'accept';
  const decision = decideQuote(quote, event, now);
  if (!decision.allowed) throw new Refusal('invalid_state', decision.sentence);
  return (await lookAtAcceptance(context, quote)).preview;
}
