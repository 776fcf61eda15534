import type { Context } from '../../platform/context.ts';

/** Background work that a domain offers. It may run twice, so it asks the database what is still to be done. */
export interface Job {
  /** Domain and verb: `delivery.send`. */
  name: string;
  /** Five fields, in UTC: minute, hour, day, month, weekday. Such a job also runs once at every start. */
  cron?: string;
  run(context: Context, payload: unknown): Promise<void>;
  /** The next instant of business time at which it will find more to do: a sandbox’s clock stops there. */
  nextDue?(context: Context): Promise<Date | undefined>;
}
