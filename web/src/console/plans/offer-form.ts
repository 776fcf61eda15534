/** What a plan costs as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';
import { toNanos } from '../../ui/decimal.ts';
import { type ChargeForm, chargeFormOf, toChargeBody } from './charge-form.ts';

type Body = Request<'createPlan'>['body'];
/** What a plan and each of its versions say of their costs. */
export type Offer = Pick<
  Answer<'getPlan'>,
  | 'prices'
  | 'trial_days'
  | 'setup_fee'
  | 'charges'
  | 'proration'
  | 'refund'
  | 'visible_to'
  | 'overage'
  | 'addon_of'
>;
export type PlanPrice = Offer['prices'][number];
export type Interval = PlanPrice['interval'];

export interface PriceForm {
  currency: string;
  interval: Interval;
  interval_count?: number | null;
  amount: string;
  setup_fee?: string;
  minimum_commitment?: string;
}

export interface OfferForm {
  prices?: PriceForm[];
  trial_days?: number | null;
  charges?: ChargeForm[];
  proration: Offer['proration'];
  refund: Offer['refund'];
  overage: Offer['overage'];
  audience: 'public' | 'named';
  /** Ids of the organizations that it is offered to. */
  visible_to?: (string | undefined)[];
  /** Slugs; none: a plan of its own. */
  addon_of?: string[];
}

export const intervals = ['month', 'year', 'week', 'day', 'once'] as const;
export const prorations = ['second', 'day', 'thirty_days', 'none'] as const;
export const overages = ['refuse', 'wallet', 'invoice'] as const;
export const refunds = ['unused', 'full', 'none'] as const;

/** A plan that is given, not sold. */
export const emptyOffer: OfferForm = {
  prices: [],
  trial_days: 0,
  charges: [],
  proration: 'second',
  refund: 'unused',
  overage: 'refuse',
  audience: 'public',
  visible_to: [],
  addon_of: [],
};

export function offerFormOf(offer: Offer): OfferForm {
  const { trial_days, proration, refund, visible_to: audience } = offer;
  const isPublic = audience === 'public';
  return {
    prices: offer.prices.map(priceFormOf),
    trial_days,
    charges: offer.charges.map(chargeFormOf),
    proration,
    refund,
    overage: offer.overage,
    audience: isPublic ? 'public' : 'named',
    visible_to: isPublic ? [] : audience,
    addon_of: offer.addon_of ?? [],
  };
}

function priceFormOf(price: PlanPrice): PriceForm {
  const { currency, interval, interval_count, amount, setup_fee, minimum_commitment } = price;
  return {
    currency,
    interval,
    interval_count,
    amount,
    ...(toNanos(setup_fee) > 0n && { setup_fee }),
    ...(minimum_commitment !== null && { minimum_commitment }),
  };
}

/** Every price carries its own setup fee, so that the plan's own, which stands in for none, is nothing. */
export function toOfferFields(form: OfferForm) {
  const named = (form.visible_to ?? []).filter((id) => id !== undefined && id !== '') as string[];
  return {
    prices: (form.prices ?? []).map(toPriceBody),
    trial_days: form.trial_days ?? 0,
    setup_fee: '0',
    charges: (form.charges ?? []).map(toChargeBody),
    proration: form.proration,
    refund: form.refund,
    overage: form.overage,
    visible_to: form.audience === 'public' ? ('public' as const) : named,
    addon_of: form.addon_of?.length ? form.addon_of : null,
  } satisfies Partial<Body>;
}

function toPriceBody(form: PriceForm): NonNullable<Body['prices']>[number] {
  const { currency, interval, interval_count: count, amount } = form;
  return {
    currency,
    interval,
    ...(interval !== 'once' && count && { interval_count: count }),
    amount,
    setup_fee: form.setup_fee || '0',
    minimum_commitment: form.minimum_commitment || null,
  };
}
