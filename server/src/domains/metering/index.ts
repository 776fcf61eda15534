/** Metering's door. */
export {
  type Bounds,
  type Price,
  type Prices,
  type Rating,
  rate,
  worstCase,
} from './core/rating.ts';
export type { Outcome, Usage } from './core/usage.ts';
