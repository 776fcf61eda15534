/** A version of a price as its form holds it, and as the contract takes it. */
import type { Request } from '../../api/call.ts';
import { instantIn } from '../../ui/zone-instant.ts';
import type { ModelPrice, Position } from './columns.tsx';

type Body = Request<'createModelPrice'>['body'];
type Amounts = { [P in Position]?: string | undefined };

export interface PriceForm {
  model: string;
  currency?: string;
  prices: Amounts;
  tiers?: { above_input_tokens: number; prices: Amounts }[];
  context_window?: number | null;
  max_output_tokens?: number | null;
  /** What clocks of the page's zone will show. */
  effective_from?: string;
}

export function priceFormOf(price: ModelPrice): Partial<PriceForm> {
  const { model, currency, prices, tiers, context_window, max_output_tokens } = price;
  return { model, currency, prices, tiers, context_window, max_output_tokens };
}

export function toBody(fields: PriceForm, timeZone: string): Body {
  const { model, currency, prices, tiers = [], effective_from: from } = fields;
  return {
    model,
    ...(currency && { currency }),
    prices: written(prices),
    tiers: tiers.map((tier) => ({
      above_input_tokens: tier.above_input_tokens,
      prices: written(tier.prices),
    })),
    context_window: fields.context_window ?? null,
    max_output_tokens: fields.max_output_tokens ?? null,
    ...(from && { effective_from: instantIn(timeZone, from) }),
  };
}

/** A position left empty has no price of its own; the form has seen to it that input and output have one. */
function written(amounts: Amounts): Body['prices'] {
  const filled = Object.entries(amounts).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(filled) as Body['prices'];
}
