import { creditExamples } from './credits.ts';
import type { Example } from './example.ts';
import { pricingExamples } from './pricing.ts';
import { prorationExamples } from './proration.ts';
import { totalsExamples } from './totals.ts';
import { usageExamples } from './usage.ts';

/** By id. */
export const examples: readonly Example[] = [
  ...pricingExamples,
  ...prorationExamples,
  ...totalsExamples,
  ...creditExamples,
  ...usageExamples,
].sort((one, other) => (one.id < other.id ? -1 : 1));
