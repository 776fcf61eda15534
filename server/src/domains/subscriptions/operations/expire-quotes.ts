import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { handleEach } from '../../invoicing/index.ts';
import { findOverQuoteIds } from '../quotes-store.ts';
import { expireQuote } from './close-quote.ts';

const quotesPerRunMax = 10_000;

/** Writes down which quotes have expired, in the order in which they did; answers how many. */
export async function expireQuotes(context: Context): Promise<number> {
  const now = context.clocks.business();
  const over = await findOverQuoteIds(context.database, { now, limit: quotesPerRunMax });
  return handleEach(context, over, async (id) => {
    try {
      await expireQuote(context, id);
      return true;
    } catch (error) {
      // Closed by somebody since it was found.
      if (error instanceof Refusal && error.code === 'invalid_state') return false;
      throw error;
    }
  });
}
