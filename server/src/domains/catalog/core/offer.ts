/** What a plan's version costs. Amounts are exact: prices in minor units of their currency, charges in major ones. */
import type { PlanChargeInput, PlanPrice } from '@sluice/contract/offers';
import type { z } from 'zod';
import {
  exponentOf,
  formatMinor,
  formatNanos,
  parseMinor,
  parseNanos,
} from '../../../platform/money.ts';
import { divide, multiply, parseRatio, type Ratio, ratio } from '../../../platform/ratio.ts';
import type { Interval } from '../../../platform/time.ts';
import type { Charge, PricingModel } from './pricing/charge.ts';
import type { Tier } from './pricing/tier.ts';

type ProrationRule = 'second' | 'day' | 'thirty_days' | 'none';
type RefundPolicy = 'unused' | 'full' | 'none';

export interface OfferPrice {
  currency: string;
  interval: Interval | 'once';
  /** As people name it: `month`, `3_months`, `once`. */
  cycle: string;
  /** Of one seat, for one interval, in advance. */
  amount: Ratio;
  setupFee: Ratio;
  minimumCommitment: Ratio | null;
}

export interface OfferCharge {
  meterId: string;
  /** The meter's name, such as `medical.analyses`. */
  meter: string;
  /** As the customer reads it. */
  name: string;
  /** Null where the plan sells in one currency only. */
  currency: string | null;
  charge: Charge;
}

export interface Offer {
  prices: readonly OfferPrice[];
  trialDays: number;
  charges: readonly OfferCharge[];
  proration: ProrationRule;
  refund: RefundPolicy;
  /** Ids of the organizations that it is offered to. */
  visibleTo: 'public' | readonly string[];
  overage: Overage;
  /** Slugs of the plans that it is sold on top of; null: a plan of its own. */
  addonOf: readonly string[] | null;
}

/** What becomes of use past the limit of a quota that has an overage price. */
export type Overage = 'refuse' | 'wallet' | 'invoice';

/** As it is kept: decimals are texts in the currency's major unit. */
export interface StoredOffer {
  prices: StoredPrice[];
  trial_days: number;
  /** Of each price that names no other. */
  setup_fee: string;
  charges: StoredCharge[];
  proration: ProrationRule;
  refund: RefundPolicy;
  visible_to: 'public' | string[];
  /** Left out by versions of before there was any, and where it is refused. */
  overage?: Overage;
  /** Left out by versions of before there were add-ons. */
  addon_of?: string[] | null;
}

export interface StoredPrice {
  currency: string;
  interval: Interval['unit'] | 'once';
  interval_count: number;
  amount: string;
  setup_fee: string | null;
  minimum_commitment: string | null;
}

export type StoredCharge = PlanChargeInput & { meter_id: string; name: string };

export function readOffer(stored: StoredOffer): Offer {
  return {
    prices: stored.prices.map((price) => readPrice(price, stored.setup_fee)),
    trialDays: stored.trial_days,
    charges: stored.charges.map((charge) => ({
      meterId: charge.meter_id,
      meter: charge.meter,
      name: charge.name,
      currency: charge.currency ?? null,
      charge: readCharge(charge),
    })),
    proration: stored.proration,
    refund: stored.refund,
    visibleTo: stored.visible_to,
    overage: stored.overage ?? 'refuse',
    addonOf: stored.addon_of ?? null,
  };
}

/** The price of a cycle and currency; where one is not said, it is the first that the plan lists. */
export function priceOf(
  { prices }: Offer,
  wanted: { cycle?: string | undefined; currency?: string | undefined },
): OfferPrice | undefined {
  return prices.find(
    ({ cycle, currency }) =>
      (wanted.cycle === undefined || wanted.cycle === cycle) &&
      (wanted.currency === undefined || wanted.currency === currency),
  );
}

/** What is charged for use to who pays in this currency. */
export function chargesOf({ charges }: Offer, currency: string): OfferCharge[] {
  return charges.filter((charge) => charge.currency === null || charge.currency === currency);
}

export function isOfferedTo({ visibleTo }: Offer, organizationId: string): boolean {
  return visibleTo === 'public' || visibleTo.includes(organizationId);
}

/** The name of a cycle, as `BillingCycle` in the contract has it. */
export function cycleOf(unit: StoredPrice['interval'], count: number): string {
  return unit === 'once' || count === 1 ? unit : `${count}_${unit}s`;
}

/** In the contract's words. */
export function presentOffer(stored: StoredOffer) {
  return {
    prices: stored.prices.map((price) => presentPrice(price, stored.setup_fee)),
    trial_days: stored.trial_days,
    setup_fee: formatNanos(parseNanos(stored.setup_fee)),
    charges: stored.charges.map(({ meter_id: _, ...charge }) => charge),
    proration: stored.proration,
    refund: stored.refund,
    visible_to: stored.visible_to,
    overage: stored.overage ?? 'refuse',
    daily_limit: null,
    addon_of: stored.addon_of ?? null,
  };
}

function presentPrice(price: StoredPrice, setupFee: string): z.output<typeof PlanPrice> {
  const { currency, interval, interval_count: count, minimum_commitment: minimum } = price;
  const shown = (text: string) => formatMinor(parseMinor(text, currency));
  return {
    currency,
    interval,
    interval_count: count,
    billing_cycle: cycleOf(interval, count),
    amount: shown(price.amount),
    setup_fee: shown(price.setup_fee ?? setupFee),
    minimum_commitment: minimum === null ? null : shown(minimum),
  };
}

function readPrice(stored: StoredPrice, setupFee: string): OfferPrice {
  const { currency, interval: unit, interval_count: count } = stored;
  const minor = (text: string) =>
    multiply(parseRatio(text), ratio(10n ** BigInt(exponentOf(currency))));
  return {
    currency,
    interval: unit === 'once' ? 'once' : { unit, count },
    cycle: cycleOf(unit, count),
    amount: minor(stored.amount),
    setupFee: minor(stored.setup_fee ?? setupFee),
    minimumCommitment: stored.minimum_commitment === null ? null : minor(stored.minimum_commitment),
  };
}

function readCharge(stored: PlanChargeInput): Charge {
  const { free_units: free, discount, minimum_spend: minimum, maximum_spend: maximum } = stored;
  return {
    pricing: readPricing(stored),
    ...(free !== undefined && { freeUnits: parseRatio(free) }),
    ...(discount !== undefined && { discount: percent(discount) }),
    ...(minimum !== undefined && { minimumSpend: parseRatio(minimum) }),
    ...(maximum !== undefined && { maximumSpend: parseRatio(maximum) }),
  };
}

function readPricing(stored: PlanChargeInput): PricingModel {
  switch (stored.model) {
    case 'flat':
      return { model: 'flat', amount: parseRatio(stored.amount) };
    case 'per_unit':
      return { model: 'per_unit', unitAmount: parseRatio(stored.unit_amount) };
    case 'graduated':
    case 'volume':
      return { model: stored.model, ...readTiers(stored, parseRatio) };
    case 'graduated_percentage':
      return { model: stored.model, ...readTiers(stored, percent) };
    case 'package':
      return { model: 'package', size: parseRatio(stored.size), amount: parseRatio(stored.amount) };
    case 'percentage':
      return readPercentage(stored);
    case 'dynamic':
      return { model: 'dynamic', multiplier: parseRatio(stored.multiplier) };
    case 'tokens':
      return {
        model: 'tokens',
        perMillion: Object.fromEntries(
          Object.entries(stored.per_million).map(([name, price]) => [name, parseRatio(price)]),
        ),
        ...(stored.markup !== undefined && { markup: percent(stored.markup) }),
      };
  }
}

type Tiered = Extract<PlanChargeInput, { tiers: unknown }>;

function readTiers({ tiers, charge_flat_at_zero: atZero }: Tiered, unit: (text: string) => Ratio) {
  return {
    tiers: tiers.map(
      (tier): Tier => ({
        upTo: tier.up_to === null ? null : parseRatio(tier.up_to),
        unitAmount: unit(tier.unit_amount),
        flatAmount: parseRatio(tier.flat_amount ?? '0'),
        ...(tier.per !== undefined && { per: parseRatio(tier.per) }),
      }),
    ),
    ...(atZero !== undefined && { chargesFlatAtZero: atZero }),
  };
}

function readPercentage(stored: Extract<PlanChargeInput, { model: 'percentage' }>): PricingModel {
  const { fixed_amount: fixed, free_events: freeEvents, free_total: freeTotal } = stored;
  const { per_event_minimum: minimum, per_event_maximum: maximum } = stored;
  return {
    model: 'percentage',
    rate: percent(stored.rate),
    ...(fixed !== undefined && { fixedAmount: parseRatio(fixed) }),
    ...(freeEvents !== undefined && { freeEvents }),
    ...(freeTotal !== undefined && { freeTotal: parseRatio(freeTotal) }),
    ...(minimum !== undefined && { perEventMinimum: parseRatio(minimum) }),
    ...(maximum !== undefined && { perEventMaximum: parseRatio(maximum) }),
  };
}

const hundred = ratio(100n);

function percent(text: string): Ratio {
  return divide(parseRatio(text), hundred);
}
