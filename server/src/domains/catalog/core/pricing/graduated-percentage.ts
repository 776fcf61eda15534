import type { PeriodUsage, Step } from './charge.ts';
import { type Graduated, rateGraduated } from './graduated.ts';

/** A share of the amount that grows or shrinks by tiers: a tier's unit amount is its rate, 0.01 for 1 %. */
export interface GraduatedPercentage extends Omit<Graduated, 'model'> {
  model: 'graduated_percentage';
}

export function rateGraduatedPercentage(pricing: GraduatedPercentage, usage: PeriodUsage): Step[] {
  return rateGraduated({ ...pricing, model: 'graduated' }, usage);
}
