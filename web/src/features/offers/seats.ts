/** Seats: what a plan with the number feature `seats` is bought several times for. */
import type { Plan } from './offer.ts';

/** Whether the quantity of a subscription to this plan is a choice. */
export function sellsSeats({ features }: Pick<Plan, 'features'>): boolean {
  return Object.entries(features).some(
    ([name, value]) => (name === 'seats' || name.endsWith('.seats')) && typeof value === 'number',
  );
}

export const seatsMax = 1_000_000;

/** What the address says, as a number of seats; undefined where it says none. */
export function readSeats(value: unknown): number | undefined {
  const seats = Number(value);
  return Number.isInteger(seats) && seats >= 1 && seats <= seatsMax ? seats : undefined;
}
