/** Whether prices and charges can be what a plan costs, and how they are kept. */

import type { Aggregation } from '@sluice/contract/meters';
import type { PlanChargeInput, PlanPriceInput } from '@sluice/contract/offers';
import type { z } from 'zod';
import { Refusal } from '../../../platform/errors.ts';
import { parseMinor } from '../../../platform/money.ts';
import { compare, parseRatio } from '../../../platform/ratio.ts';
import {
  cycleOf,
  type Overage,
  type StoredCharge,
  type StoredOffer,
  type StoredPrice,
} from './offer.ts';

type PriceRequest = z.output<typeof PlanPriceInput>;

export interface OfferRequest {
  prices: readonly (Omit<PriceRequest, 'setup_fee'> & { setup_fee?: string | null | undefined })[];
  trial_days: number;
  setup_fee: string;
  charges: readonly PlanChargeInput[];
  proration: StoredOffer['proration'];
  refund: StoredOffer['refund'];
  visible_to: StoredOffer['visible_to'];
  overage?: Overage | undefined;
  addon_of?: string[] | null | undefined;
}

/** What of a meter decides how its use may be priced. */
export interface PricedMeter {
  id: string;
  reference: string;
  name: string;
  aggregation: Aggregation;
}

/** A plan that is given, not sold. */
export const nothingOffered: StoredOffer = {
  prices: [],
  trial_days: 0,
  setup_fee: '0',
  charges: [],
  proration: 'second',
  refund: 'unused',
  visible_to: 'public',
};

/**
 * Decides what a plan costs. `findMeter` knows meters as the plan's application names them.
 * @throws Refusal `rule_violated`, `meter_unknown`, `amount_out_of_range`, naming the field.
 */
export function decideOffer(
  request: OfferRequest,
  findMeter: (name: string, param: string) => PricedMeter,
): StoredOffer {
  const prices = decidePrices(request);
  const currencies = [...new Set(prices.map(({ currency }) => currency))];
  return {
    prices,
    trial_days: request.trial_days,
    setup_fee: request.setup_fee,
    charges: request.charges.map((charge, index) =>
      decideCharge(charge, { currencies, findMeter, param: `charges.${index}` }),
    ),
    proration: request.proration,
    refund: request.refund,
    visible_to: request.visible_to,
    ...(request.overage && request.overage !== 'refuse' && { overage: request.overage }),
    ...(request.addon_of && { addon_of: request.addon_of }),
  };
}

function decidePrices({ prices, setup_fee: setupFee }: OfferRequest): StoredPrice[] {
  const seen = new Set<string>();
  const currencies = new Set(prices.map(({ currency }) => currency));
  if (Number(setupFee) > 0 && currencies.size > 1) {
    refuse('setup_fee', 'The plan has prices in several currencies: give each its own setup_fee.');
  }
  return prices.map((price, index) => {
    const { currency, interval, interval_count: count = 1, minimum_commitment: minimum } = price;
    const param = `prices.${index}`;
    const name = `${currency} ${cycleOf(interval, count)}`;
    if (seen.has(name)) refuse(param, 'Give one price for each currency and billing cycle.');
    seen.add(name);
    if (interval === 'once' && count > 1) {
      refuse(
        `${param}.interval_count`,
        'What is paid once has no number of intervals: leave it out.',
      );
    }
    const stored = {
      currency,
      interval,
      interval_count: count,
      amount: price.amount,
      setup_fee: price.setup_fee ?? null,
      minimum_commitment: minimum ?? null,
    };
    parseMinor(stored.amount, currency, `${param}.amount`);
    parseMinor(stored.setup_fee ?? setupFee, currency, `${param}.setup_fee`);
    if (minimum) parseMinor(minimum, currency, `${param}.minimum_commitment`);
    return stored;
  });
}

function decideCharge(
  charge: PlanChargeInput,
  known: {
    currencies: readonly string[];
    findMeter: (name: string, param: string) => PricedMeter;
    param: string;
  },
): StoredCharge {
  const { currencies, findMeter, param } = known;
  const meter = findMeter(charge.meter, `${param}.meter`);
  if (currencies.length === 0) {
    refuse(param, 'Give the plan a price too: "0" where only use is charged.');
  }
  const { currency } = charge;
  if (currency === undefined && currencies.length > 1) {
    refuse(`${param}.currency`, `Say in which currency: ${currencies.join(' or ')}.`);
  }
  if (currency !== undefined && !currencies.includes(currency)) {
    refuse(
      `${param}.currency`,
      `The plan has no price in ${currency}: write ${currencies.join(' or ')}.`,
    );
  }
  if (isOver(charge.minimum_spend, charge.maximum_spend)) {
    refuse(`${param}.minimum_spend`, 'The minimum is more than the maximum.');
  }
  if (isOver(charge.discount, '100')) {
    refuse(`${param}.discount`, 'Let off at most 100 percent.');
  }
  checkModel(charge, meter, param);
  return { ...charge, meter: meter.reference, meter_id: meter.id, name: charge.name ?? meter.name };
}

function checkModel(charge: PlanChargeInput, meter: PricedMeter, param: string): void {
  if ('tiers' in charge) checkTiers(charge.tiers, param);
  switch (charge.model) {
    case 'package':
      if (Number(charge.size) <= 0) refuse(`${param}.size`, 'A package has more than no units.');
      break;
    case 'percentage':
    case 'dynamic':
      if (meter.aggregation !== 'sum') {
        refuse(
          `${param}.model`,
          `Only amounts that are summed can be charged by event, and "${meter.reference}" keeps the ${meter.aggregation}.`,
        );
      }
      if (
        charge.model === 'percentage' &&
        isOver(charge.per_event_minimum, charge.per_event_maximum)
      ) {
        refuse(`${param}.per_event_minimum`, 'The minimum is more than the maximum.');
      }
      break;
    case 'tokens':
      if (meter.reference !== 'tokens') {
        refuse(`${param}.meter`, 'Only the meter "tokens" knows tokens by position.');
      }
      for (const position of Object.keys(charge.per_million)) {
        if (tokenPositions.includes(position)) continue;
        refuse(`${param}.per_million.${position}`, `Price one of ${tokenPositions.join(', ')}.`);
      }
      break;
    default:
  }
}

/** What receipts tell apart; what has no price of its own goes with its whole. */
const tokenPositions = ['input', 'cached_input', 'cache_write', 'output', 'reasoning'];

function checkTiers(tiers: readonly { up_to: string | null }[], param: string): void {
  for (const [index, { up_to: upTo }] of tiers.entries()) {
    const isLast = index === tiers.length - 1;
    const field = `${param}.tiers.${index}.up_to`;
    if (isLast !== (upTo === null)) {
      refuse(field, isLast ? 'The last tier is open: write null.' : 'Only the last tier is open.');
    }
    const before = tiers[index - 1]?.up_to ?? '0';
    if (upTo !== null && compare(parseRatio(upTo), parseRatio(before)) <= 0) {
      refuse(field, `Let it end above ${before}, where the tier before it ends.`);
    }
  }
}

function isOver(value: string | undefined, limit: string | undefined): boolean {
  if (value === undefined || limit === undefined) return false;
  return compare(parseRatio(value), parseRatio(limit)) > 0;
}

function refuse(param: string, sentence: string): never {
  throw new Refusal('rule_violated', sentence, { param });
}
