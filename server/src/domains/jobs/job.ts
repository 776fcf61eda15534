import type { Context } from '../../platform/context.ts';

/** Tries of one turn of a schedule; the next turn starts afresh. */
export const cronAttemptsMax = 5;

/** Under which a scheduled job waits: at most once. */
export function scheduleKey(name: string): string {
  return `scheduled:${name}`;
}

/** Background work that a domain offers. It may run twice, so it asks the database what is still to be done. */
export interface Job {
  /** Domain and verb: `delivery.send`. */
  name: string;
  /** Five fields, in UTC: minute, hour, day, month, weekday. Such a job also runs once at every start. */
  cron?: string;
  /**
   * A sandbox's clock that moves far stops whenever something is due, and jobs on a schedule run at each stop. `once`: what
   * this finds to do is the same behind the last stop, so that it runs there only. `never`: it goes by wall time, or looks
   * at what is there at any time, and a moved clock makes nothing of it due.
   */
  afterMove?: 'once' | 'never';
  run(context: Context, payload: unknown): Promise<void>;
  /** The next instant of business time at which it will find more to do: a sandbox’s clock stops there. */
  nextDue?(context: Context): Promise<Date | undefined>;
}
