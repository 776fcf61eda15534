/** Every setting that is kept in the database: its shape, and its value until somebody writes one. */
import { z } from 'zod';

const Rate = z
  .string()
  .regex(/^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/, 'must be a positive decimal such as "7.2"');

export const settings = {
  /** Units of each currency for one unit of the usage currency. */
  exchange_rates: {
    schema: z.record(z.string().regex(/^[A-Z]{3}$/), Rate),
    initial: {},
  },
  /** Slug of the plan that a new organization gets; null: none. */
  default_plan: {
    schema: z.string().min(1).max(60).nullable(),
    initial: null,
  },
  /** For so many days an organization that is past due is served as before. */
  past_due_grace_days: {
    schema: z.number().int().min(0).max(365),
    initial: 7,
  },
  /** Sign-ups of one address within an hour. */
  sign_ups_per_hour: {
    schema: z.number().int().min(1).max(1_000_000),
    initial: 60,
  },
  /** Mails for forgotten passwords that one address may ask for within an hour. */
  forgotten_passwords_per_hour: {
    schema: z.number().int().min(1).max(1_000_000),
    initial: 30,
  },
  /** How far business time runs ahead of wall time; only a sandbox moves it. */
  clock_offset_ms: {
    schema: z.number().int().min(0),
    initial: 0,
  },
  /** For how many days reported usage is taken after it happened. */
  metering_late_horizon_days: {
    schema: z.number().int().min(1).max(400),
    initial: 35,
  },
  /** For how many months rows of usage and events stay attached; null: for good. */
  metering_retention_months: {
    schema: z.number().int().min(2).max(1200).nullable(),
    initial: null,
  },
  /** Whether a sandbox already has its packages, customers and their past. */
  sandbox_seeded: {
    schema: z.boolean(),
    initial: false,
  },
} as const satisfies Record<string, { schema: z.ZodType; initial: unknown }>;

export type SettingName = keyof typeof settings;
export type SettingValue<Name extends SettingName> = z.output<(typeof settings)[Name]['schema']>;
