/** Subscribing a customer as the form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';

type Plan = Pick<Answer<'searchPlans'>['data'][number], 'slug' | 'prices'>;
type Price = Plan['prices'][number];

export interface SubscribeForm {
  organization: string;
  /** Its slug. */
  plan: string;
  /** Which of the plan's prices, as `priceKey` writes it. */
  price: string;
  quantity?: number | null;
  coupon?: string;
  /** Null: by a link in a mail. */
  provider: 'wallet' | null;
}

/** What tells a plan's prices from each other. */
export function priceKey({ currency, billing_cycle: cycle }: Price): string {
  return `${currency} ${cycle}`;
}

export function chosenPrice(plan: Plan, { price }: Pick<SubscribeForm, 'price'>) {
  return plan.prices.find((candidate) => priceKey(candidate) === price);
}

export function toSubscribeBody(
  form: SubscribeForm,
  plans: readonly Plan[],
): NonNullable<Request<'subscribeOrganization'>['body']> {
  const { organization, plan: slug, quantity, coupon, provider } = form;
  const plan = plans.find((candidate) => candidate.slug === slug);
  const price = plan && chosenPrice(plan, form);
  return {
    organization,
    plan: slug,
    ...(price && { billing_cycle: price.billing_cycle, currency: price.currency }),
    ...(quantity && { quantity }),
    ...(coupon?.trim() && { coupon }),
    provider,
  };
}
