/** Prices as customers with a multiplier see them. */
import { divideHalfUp } from '../../../platform/money.ts';
import { multiplierOne } from '../../../platform/multiplier.ts';
import type { ModelPrice, PriceTable } from './model-price.ts';

/** The price as somebody with this multiplier sees it. Bills multiply at the end instead, and round once. */
export function multiplyPrice(price: ModelPrice, millionths: bigint): ModelPrice {
  if (millionths === multiplierOne) return price;
  return {
    ...price,
    prices: multiplyTable(price.prices, millionths) as PriceTable,
    tiers: price.tiers.map((tier) => ({
      ...tier,
      prices: multiplyTable(tier.prices, millionths) as PriceTable,
    })),
    serviceTiers: Object.fromEntries(
      Object.entries(price.serviceTiers).map(([tier, table]) => [
        tier,
        multiplyTable(table, millionths),
      ]),
    ),
  };
}

function multiplyTable(table: Partial<PriceTable>, millionths: bigint): Partial<PriceTable> {
  return Object.fromEntries(
    Object.entries(table).map(([position, nanos]) => [
      position,
      divideHalfUp(nanos * millionths, multiplierOne),
    ]),
  );
}
