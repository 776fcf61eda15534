/** What the examples are computed with: the product's own doors, and nothing that the product does not run. */
export {
  type Charge,
  difference,
  type PeriodUsage,
  type PricingModel,
  rateCharge,
  rateProrated,
  type Tier,
} from '../server/src/domains/catalog/index.ts';
export {
  type Discount,
  defaultRules,
  type TotalsRules,
  totalsOf,
} from '../server/src/domains/invoicing/index.ts';
export {
  changeOfPrice,
  commitmentTrueUp,
  daysBoughtBy,
  directionOf,
  type Period,
  type ProrationRule,
  periodAt,
  periodNumber,
  shareOf,
  trueUp,
  unusedShare,
} from '../server/src/domains/subscriptions/index.ts';
export {
  add,
  formatRatio,
  multiply,
  negate,
  parseRatio,
  type Ratio,
  ratio,
  roundHalfUp,
  sum,
  truncate,
} from '../server/src/platform/ratio.ts';
export type { Interval } from '../server/src/platform/time.ts';
