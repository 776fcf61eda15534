/** Features that are counted by what was bought: a number that is called `seats`, of an application or of all. */
import type { FeatureValue } from '@sluice/contract/meters';

/** A plan says how many seats one of it brings; whoever has several of it has so many times as many. */
export function bindSeats(
  features: Readonly<Record<string, FeatureValue>>,
  quantity: number,
): Record<string, FeatureValue> {
  return Object.fromEntries(
    Object.entries(features).map(([reference, value]) => [
      reference,
      isSeats(reference) && typeof value === 'number' ? value * quantity : value,
    ]),
  );
}

function isSeats(reference: string): boolean {
  return reference === 'seats' || reference.endsWith('.seats');
}
