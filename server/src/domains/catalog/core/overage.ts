/** Use past what a plan includes: whether it can be sold as the plan says, and what it costs with the next invoice. */
import { Refusal } from '../../../platform/errors.ts';
import { formatQuantity } from '../../../platform/quantity.ts';
import { parseRatio } from '../../../platform/ratio.ts';
import type { OfferCharge, StoredOffer } from './offer.ts';
import type { StoredQuota } from './quota-terms.ts';

/**
 * The quotas as they are kept: what is invoiced past its limit refuses nothing.
 * @throws Refusal `rule_violated` where a price cannot be charged as the plan says.
 */
export function decideOverage(
  quotas: readonly StoredQuota[],
  offer: Pick<StoredOffer, 'overage' | 'prices'>,
): StoredQuota[] {
  return quotas.map((quota, index) => {
    if (quota.overage_price == null) return quota;
    const param = `quotas.${index}`;
    const problem = problemOf(quota, offer);
    if (problem) {
      throw new Refusal('rule_violated', problem.sentence, { param: `${param}.${problem.field}` });
    }
    return offer.overage === 'invoice' ? { ...quota, hard: false } : quota;
  });
}

type Problem = {
  field: 'overage_price' | 'limit' | 'window' | 'anchor' | 'hard';
  sentence: string;
};

function problemOf(
  { limit, window, anchor, hard }: StoredQuota,
  { overage, prices }: Pick<StoredOffer, 'overage' | 'prices'>,
): Problem | undefined {
  if (overage === undefined || overage === 'refuse') {
    return {
      field: 'overage_price',
      sentence: 'Say how it is paid: set the plan\'s overage to "wallet" or "invoice".',
    };
  }
  if (limit === null) return { field: 'limit', sentence: 'Give a limit: nothing is past none.' };
  if (overage === 'wallet') {
    return hard
      ? undefined
      : { field: 'hard', sentence: 'Only what a quota would refuse can be sold: write true.' };
  }
  if (new Set(prices.map(({ currency }) => currency)).size !== 1) {
    return {
      field: 'overage_price',
      sentence:
        "Overage is invoiced in the plan's currency: give it prices in one, or use charges.",
    };
  }
  const isPeriod = prices.every((price) => price.interval === window && price.interval_count === 1);
  if (!isPeriod) {
    return {
      field: 'window',
      sentence: "Overage is invoiced by the period: let the window be each price's interval.",
    };
  }
  if (anchor !== 'subscription') {
    return {
      field: 'anchor',
      sentence: 'Overage is invoiced by the period: let the window follow the subscription.',
    };
  }
  return undefined;
}

/** @throws Refusal `rule_violated` where a package's quota has an overage price: more of it is another package. */
export function refuseOverage(quotas: readonly StoredQuota[]): StoredQuota[] {
  const index = quotas.findIndex((quota) => quota.overage_price != null);
  if (index < 0) return [...quotas];
  throw new Refusal('rule_violated', 'Only plans sell more than they include: leave it out.', {
    param: `quotas.${index}.overage_price`,
  });
}

/** What is invoiced past the limits: units at a price, of which the included ones are free. */
export function overageCharges(
  quotas: readonly StoredQuota[],
  { overage }: Pick<StoredOffer, 'overage'>,
): OfferCharge[] {
  if (overage !== 'invoice') return [];
  return quotas.flatMap(({ meter, reference, unit, limit, overage_price: price }) =>
    price == null || limit === null
      ? []
      : [
          {
            ...{ meterId: meter, meter: reference, name: reference, currency: null },
            charge: {
              pricing: { model: 'per_unit' as const, unitAmount: parseRatio(price) },
              freeUnits: parseRatio(formatQuantity(BigInt(limit), unit)),
            },
          },
        ],
  );
}
