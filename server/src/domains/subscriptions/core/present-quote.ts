/** Quotes in the contract's words. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/quotes';
import { actionsOf, type Quote, type ShownTerms, statusAt } from './quote.ts';

export type QuoteView = AnswerOf<typeof endpoints.getQuote>;
export type QuotePreviewView = AnswerOf<typeof endpoints.previewQuote>;

export function presentQuote(quote: Quote, now: Date): QuoteView {
  const { terms, shown } = quote;
  return {
    id: quote.id,
    organization: quote.organizationId,
    name: terms.name,
    message: terms.message ?? null,
    status: statusAt(quote, now),
    price: shown.price,
    quantity: terms.quantity ?? 1,
    plan: shown.plan,
    term_cycles: quote.termCycles,
    valid_until: quote.validUntil.toISOString(),
    committed_until: quote.committedUntil?.toISOString() ?? null,
    subscription: quote.subscriptionId,
    decline_reason: quote.declineReason,
    actions: actionsOf(quote, now),
    created_at: quote.createdAt.toISOString(),
    sent_at: quote.sentAt?.toISOString() ?? null,
    closed_at: quote.closedAt?.toISOString() ?? null,
  };
}

/** Of a plan as the catalog shows it, what a quote says. */
export function shownOf(
  plan: Omit<ShownTerms['plan'], never> & { prices: ShownTerms['price'][] },
): ShownTerms {
  const [price] = plan.prices;
  if (!price) throw new Error('a private plan has a price');
  const { trial_days, charges, proration, refund, overage } = plan;
  const { quotas, features, models, rate_limits, on_short_funds, on_abort } = plan;
  return {
    price,
    plan: {
      ...{ trial_days, charges, proration, refund, overage },
      ...{ quotas, features, models, rate_limits, on_short_funds, on_abort },
    },
  };
}
