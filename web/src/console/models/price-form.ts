/** A version of a price as its form holds it, and as the contract takes it. */
import type { Request } from '../../api/call.ts';
import { instantIn } from '../../ui/zone-instant.ts';
import type { ModelPrice, Position } from './columns.tsx';

type Body = Request<'createModelPrice'>['body'];
type Amounts = { [P in Position]?: string | undefined };

type ServiceTier = 'flex' | 'priority' | 'batch';
export const serviceTiers: readonly ServiceTier[] = ['flex', 'priority', 'batch'];

/** What is charged, without for which model and from when. */
export interface TermsForm {
  prices: Amounts;
  tiers?: { above_input_tokens: number; prices: Amounts }[];
  service_tiers?: { [T in ServiceTier]?: Amounts | undefined };
  context_window?: number | null;
  max_output_tokens?: number | null;
}

export interface PriceForm extends TermsForm {
  model: string;
  currency?: string;
  /** What clocks of the page's zone will show. */
  effective_from?: string;
}

type Terms = Pick<
  ModelPrice,
  'prices' | 'tiers' | 'service_tiers' | 'context_window' | 'max_output_tokens'
>;

export function termsFormOf(terms: Terms): TermsForm {
  const { prices, tiers, service_tiers, context_window, max_output_tokens } = terms;
  return { prices, tiers, service_tiers, context_window, max_output_tokens };
}

export function priceFormOf(price: ModelPrice): Partial<PriceForm> {
  const { model, currency } = price;
  return { model, currency, ...termsFormOf(price) };
}

export function toTerms(fields: TermsForm) {
  const { prices, tiers = [], service_tiers: served = {} } = fields;
  const differing = serviceTiers.flatMap((tier) => {
    const table = written(served[tier] ?? {});
    return Object.keys(table).length === 0 ? [] : [[tier, table]];
  });
  return {
    prices: written(prices),
    tiers: tiers.map((tier) => ({
      above_input_tokens: tier.above_input_tokens,
      prices: written(tier.prices),
    })),
    service_tiers: Object.fromEntries(differing) as NonNullable<Body['service_tiers']>,
    context_window: fields.context_window ?? null,
    max_output_tokens: fields.max_output_tokens ?? null,
  };
}

export function toBody(fields: PriceForm, timeZone: string): Body {
  const { model, currency, effective_from: from } = fields;
  return {
    model,
    ...(currency && { currency }),
    ...toTerms(fields),
    ...(from && { effective_from: instantIn(timeZone, from) }),
  };
}

/** A position left empty has no price of its own; the form has seen to it that input and output have one. */
function written(amounts: Amounts): Body['prices'] {
  const filled = Object.entries(amounts).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(filled) as Body['prices'];
}
