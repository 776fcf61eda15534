/** The way of serving that a call asks for: https://platform.openai.com/docs/guides/flex-processing */
import type { ServiceTier } from '../../../metering/index.ts';
import { type Body, type Judged, readField, refuseUnpriced } from '../body.ts';

const usual = new Set<unknown>([null, 'auto', 'default', 'standard']);

export function readServiceTier(body: Body): Judged<{ serviceTier: ServiceTier | undefined }> {
  const tier = readField(body, 'service_tier');
  if (usual.has(tier)) return { serviceTier: undefined };
  return tier === 'flex' || tier === 'priority'
    ? { serviceTier: tier }
    : refuseUnpriced('service_tier');
}
