import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { decideQuote, type Quote, type QuoteEvent } from '../core/quote.ts';
import { lockQuote } from '../quotes-store.ts';

/**
 * Locks a quote to which something is to happen; it is locked before anything else.
 * @throws Refusal `not_found`, also for a customer's that was never sent; `invalid_state` where it cannot happen.
 */
export async function holdQuote(
  context: Context,
  transaction: Transaction,
  { id, organizationId, event }: { id: string; organizationId?: string; event: QuoteEvent },
): Promise<Quote> {
  const quote = await lockQuote(transaction, id);
  if (!quote || !isSeenBy(quote, organizationId)) throw notFound('quote');
  const decision = decideQuote(quote, event, context.clocks.business());
  if (!decision.allowed) throw new Refusal('invalid_state', decision.sentence);
  return quote;
}

/** A customer sees what it was sent; operators, who name no organization, see all. */
export function isSeenBy(quote: Quote, organizationId: string | undefined): boolean {
  return (
    organizationId === undefined ||
    (quote.organizationId === organizationId && quote.sentAt !== null)
  );
}

export async function recordQuote(
  context: Context,
  transaction: Transaction,
  { action, before, after }: { action: string; before?: Quote; after: Quote },
): Promise<void> {
  await recordAudit(context, transaction, {
    organizationId: after.organizationId,
    action: `quote.${action}`,
    resource: { kind: 'quote', id: after.id },
    ...(before && { oldValues: auditValues(before) }),
    newValues: auditValues(after),
  });
}

function auditValues(quote: Quote): Record<string, unknown> {
  return {
    status: quote.status,
    terms: quote.terms,
    term_cycles: quote.termCycles,
    valid_until: quote.validUntil.toISOString(),
    subscription: quote.subscriptionId,
    committed_until: quote.committedUntil?.toISOString() ?? null,
    decline_reason: quote.declineReason,
  };
}
