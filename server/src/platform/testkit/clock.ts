/** Clocks that stand still until a test moves them. */
import { Temporal } from 'temporal-polyfill';
import type { Clocks } from '../time.ts';

export interface FakeClocks extends Clocks {
  /** Moves both clocks on by an ISO 8601 duration such as `PT90S` or `P1M`, calendar-aware in UTC. */
  advance(duration: string): void;
  /** Moves only business time on, as the sandbox's time travel does. */
  advanceBusiness(duration: string): void;
  /** Sets both clocks. */
  set(instant: string | Date): void;
}

/** Both clocks begin at the instant; a Wednesday at noon unless told otherwise. */
export function fakeClocks(start: string | Date = '2026-03-04T12:00:00Z'): FakeClocks {
  let wall = new Date(start);
  let business = new Date(start);
  return {
    wall: () => new Date(wall),
    business: () => new Date(business),
    advance(duration) {
      wall = add(wall, duration);
      business = add(business, duration);
    },
    advanceBusiness(duration) {
      business = add(business, duration);
    },
    set(instant) {
      wall = new Date(instant);
      business = new Date(instant);
    },
  };
}

function add(instant: Date, duration: string): Date {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO('UTC');
  return new Date(zoned.add(duration).epochMilliseconds);
}
