/** What ends a quote without a subscription: it is withdrawn, declined, or its time is over. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Quote } from '../core/quote.ts';
import { saveQuote } from '../quotes-store.ts';
import { holdQuote, recordQuote } from './hold-quote.ts';

/** @throws Refusal `not_found`, `invalid_state`. */
export function withdrawQuote(context: Context, id: string): Promise<Quote> {
  return closeQuote(context, { id, event: 'withdraw', status: 'withdrawn' });
}

/** @throws Refusal `not_found`, `invalid_state`. */
export function declineQuote(
  context: Context,
  {
    id,
    organizationId,
    reason,
  }: { id: string; organizationId: string; reason?: string | undefined },
): Promise<Quote> {
  const declineReason = reason ?? null;
  return closeQuote(context, {
    ...{ id, organizationId, declineReason },
    ...{ event: 'decline', status: 'declined' },
  });
}

export function expireQuote(context: Context, id: string): Promise<Quote> {
  return closeQuote(context, { id, event: 'expire', status: 'expired' });
}

interface Closing {
  id: string;
  organizationId?: string;
  event: 'withdraw' | 'decline' | 'expire';
  status: 'withdrawn' | 'declined' | 'expired';
  declineReason?: string | null;
}

async function closeQuote(context: Context, closing: Closing): Promise<Quote> {
  const { status, declineReason = null } = closing;
  return inTransaction(context, async (transaction) => {
    const before = await holdQuote(context, transaction, closing);
    const closedAt = context.clocks.business();
    const after: Quote = { ...before, status, declineReason, closedAt };
    await saveQuote(transaction, after);
    await recordQuote(context, transaction, { action: closing.event, before, after });
    return after;
  });
}
