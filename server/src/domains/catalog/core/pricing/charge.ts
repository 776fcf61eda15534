/**
 * What a charge of a plan costs for the use of a period. Exact, and cumulative: the same rules rate all of a period's use
 * whenever it is asked, and what was billed before is taken off. Amounts are in the currency's major unit.
 */
import {
  add,
  compare,
  greatest,
  isPositive,
  isZero,
  multiply,
  negate,
  type Ratio,
  subtract,
  sum,
  zero,
} from '../../../../platform/ratio.ts';
import { type Dynamic, rateDynamic } from './dynamic.ts';
import { type Flat, rateFlat } from './flat.ts';
import { type Graduated, rateGraduated } from './graduated.ts';
import { type GraduatedPercentage, rateGraduatedPercentage } from './graduated-percentage.ts';
import { type Package, ratePackage } from './package.ts';
import { type PerUnit, ratePerUnit } from './per-unit.ts';
import { type Percentage, ratePercentage } from './percentage.ts';
import { rateTokens, type Tokens } from './tokens.ts';
import { rateVolume, type Volume } from './volume.ts';

export type PricingModel =
  | Flat
  | PerUnit
  | Graduated
  | Volume
  | Package
  | Percentage
  | GraduatedPercentage
  | Dynamic
  | Tokens;

export interface Charge {
  pricing: PricingModel;
  /** Units that cost nothing. */
  freeUnits?: Ratio;
  /** Share of the amount that is let off, before minimum and maximum. */
  discount?: Ratio;
  minimumSpend?: Ratio;
  maximumSpend?: Ratio;
}

/** What was used in a period. */
export interface PeriodUsage {
  /** In units of the meter. */
  quantity: Ratio;
  /** Each event by itself, in order, where the model looks at events. */
  events?: readonly Ratio[];
  /** Tokens by position of the price table, where the model prices tokens. */
  tokens?: Readonly<Record<string, bigint>>;
}

/** One line of how an amount came about. */
export interface Step {
  kind:
    | 'flat'
    | 'units'
    | 'tier'
    | 'package'
    | 'percentage'
    | 'per_event'
    | 'tokens'
    | 'discount'
    | 'minimum'
    | 'maximum';
  quantity: Ratio;
  /** Price of one unit, or the rate. */
  unitAmount: Ratio;
  amount: Ratio;
}

export interface Rated {
  amount: Ratio;
  /** They add up to the amount. */
  steps: Step[];
}

/** Rates the use of a whole period. */
export function rateCharge(charge: Charge, usage: PeriodUsage): Rated {
  const steps = ratePricing(charge.pricing, withoutFree(charge, usage));
  const list = sum(steps.map(({ amount }) => amount));
  if (charge.discount && !isZero(list)) {
    const amount = negate(multiply(list, charge.discount));
    steps.push({ kind: 'discount', quantity: list, unitAmount: charge.discount, amount });
  }
  bound(charge, steps);
  return { amount: sum(steps.map(({ amount }) => amount)), steps };
}

/** What is still to be billed: the whole less what was billed, which may be negative. */
export function difference(rated: Rated, billed: Ratio): Ratio {
  return subtract(rated.amount, billed);
}

function bound({ minimumSpend, maximumSpend }: Charge, steps: Step[]): void {
  const amount = sum(steps.map((step) => step.amount));
  if (maximumSpend && compare(amount, maximumSpend) > 0) {
    steps.push(boundary('maximum', subtract(maximumSpend, amount)));
  } else if (minimumSpend && compare(amount, minimumSpend) < 0) {
    steps.push(boundary('minimum', subtract(minimumSpend, amount)));
  }
}

function boundary(kind: 'minimum' | 'maximum', amount: Ratio): Step {
  return { kind, quantity: zero, unitAmount: zero, amount };
}

function withoutFree({ freeUnits }: Charge, usage: PeriodUsage): PeriodUsage {
  if (!freeUnits || !isPositive(freeUnits)) return usage;
  return { ...usage, quantity: greatest(zero, add(usage.quantity, negate(freeUnits))) };
}

function ratePricing(pricing: PricingModel, usage: PeriodUsage): Step[] {
  switch (pricing.model) {
    case 'flat':
      return rateFlat(pricing);
    case 'per_unit':
      return ratePerUnit(pricing, usage);
    case 'graduated':
      return rateGraduated(pricing, usage);
    case 'volume':
      return rateVolume(pricing, usage);
    case 'package':
      return ratePackage(pricing, usage);
    case 'percentage':
      return ratePercentage(pricing, usage);
    case 'graduated_percentage':
      return rateGraduatedPercentage(pricing, usage);
    case 'dynamic':
      return rateDynamic(pricing, usage);
    case 'tokens':
      return rateTokens(pricing, usage);
  }
}
