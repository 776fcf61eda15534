/** A quote as its form holds it, and as the contract takes it. */
import type { Request } from '../../api/call.ts';
import type { Quote } from '../../features/quotes/quote.ts';
import { instantIn, localIn } from '../../ui/zone-instant.ts';
import { offerFormOf, type PriceForm } from '../plans/offer-form.ts';
import { emptyPlan, type PlanForm, toPlanFields } from '../plans/plan-form.ts';
import { quotaFormOf } from '../quotas/quota-form.ts';

type PlanPart = Pick<
  PlanForm,
  | 'name'
  | 'trial_days'
  | 'charges'
  | 'proration'
  | 'refund'
  | 'overage'
  | 'quotas'
  | 'features'
  | 'models'
  | 'rate_limits'
  | 'on_short_funds'
  | 'on_abort'
>;

export interface QuoteForm extends PlanPart {
  organization: string;
  message?: string;
  price: PriceForm;
  quantity?: number | null;
  term_cycles?: number | null;
  /** What clocks of the page's zone will show. */
  valid_until: string;
}

type Terms = Omit<NonNullable<Request<'createQuote'>['body']>, 'organization'>;

export function emptyQuote(currency: string | undefined): Partial<QuoteForm> {
  const { trial_days, charges, proration, refund, overage } = emptyPlan;
  const { quotas, features, models, rate_limits, on_short_funds, on_abort } = emptyPlan;
  return {
    ...{ trial_days, charges, proration, refund, overage },
    ...{ quotas, features, models, rate_limits, on_short_funds, on_abort },
    price: { currency: currency ?? '', interval: 'month', interval_count: 1, amount: '' },
    quantity: 1,
  } as Partial<QuoteForm>;
}

export function quoteFormOf(quote: Quote, timeZone: string): Partial<QuoteForm> {
  const { name, price, plan } = quote;
  const offer = {
    ...{ ...plan, prices: [price], setup_fee: '0' },
    ...{ visible_to: 'public' as const, addon_of: null },
  };
  const { prices, audience: _, visible_to: _to, addon_of: _none, ...own } = offerFormOf(offer);
  const { quotas, features, models, rate_limits, on_short_funds, on_abort } = plan;
  return {
    ...own,
    ...{ name, features, models, rate_limits, on_short_funds, on_abort },
    quotas: quotas.map(quotaFormOf),
    ...(prices?.[0] && { price: prices[0] }),
    message: quote.message ?? '',
    quantity: quote.quantity,
    term_cycles: quote.term_cycles,
    valid_until: localIn(timeZone, quote.valid_until),
  };
}

export function toQuoteTerms(form: Omit<QuoteForm, 'organization'>, timeZone: string): Terms {
  const { price, message, quantity, term_cycles: cycles, valid_until: until, ...plan } = form;
  const fields = toPlanFields({ ...plan, prices: [price], audience: 'public' });
  const [body] = fields.prices ?? [];
  if (!body) throw new Error('a quote has a price');
  const { prices: _, setup_fee: _fee, visible_to: _to, description: _none, ...terms } = fields;
  const { sort_order: _order, addon_of: _addOn, ...own } = terms;
  return {
    ...own,
    price: body,
    message: message?.trim() || null,
    quantity: quantity ?? 1,
    term_cycles: price.interval === 'once' ? null : (cycles ?? null),
    valid_until: instantIn(timeZone, until),
  };
}
