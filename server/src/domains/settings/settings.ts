/** Every setting that is kept in the database: its shape, and its value until somebody writes one. */
import { z } from 'zod';

const Rate = z
  .string()
  .regex(/^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?$/, 'must be a positive decimal such as "7.2"');

const Prefix = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{0,7}$/, 'must be up to eight capital letters and digits, such as "INV"');

const Seller = z
  .object({
    name: z.string().trim().min(1).max(200),
    tax_id: z.string().trim().min(1).max(40).nullable(),
    address: z.array(z.string().trim().min(1).max(200)).max(6),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters, such as "DE"')
      .nullable(),
    invoice_prefix: Prefix,
    credit_note_prefix: Prefix,
  })
  .refine(
    (seller) => seller.invoice_prefix !== seller.credit_note_prefix,
    'give invoices and credit notes different prefixes',
  );

const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const settings = {
  /** Who sells: it stands on every invoice. A prefix begins a series of numbers of its own. */
  seller: {
    schema: Seller,
    initial: {
      name: 'Sluice',
      tax_id: null,
      address: [],
      country: null,
      invoice_prefix: 'INV',
      credit_note_prefix: 'CN',
    },
  },
  /** Units of each currency for one unit of the usage currency. */
  exchange_rates: {
    schema: z.record(z.string().regex(/^[A-Z]{3}$/), Rate),
    initial: {},
  },
  /** What was paid in these currencies may have a fapiao. */
  fapiao_currencies: {
    schema: z.array(z.string().regex(/^[A-Z]{3}$/)).max(20),
    initial: ['CNY'],
  },
  /** Use of a period that runs is invoiced as soon as it comes to that much before tax, by currency. */
  usage_invoice_thresholds: {
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
    schema: whole(0, 365),
    initial: 7,
  },
  /** What is done about an invoice of a subscription that is not paid in time; `after_days` counts from its term's end. */
  dunning_steps: {
    schema: z
      .array(
        z.strictObject({
          after_days: whole(0, 365),
          action: z.enum(['remind', 'suspend', 'cancel']),
        }),
      )
      .max(20, 'give at most 20 steps'),
    initial: [
      { after_days: 1, action: 'remind' },
      { after_days: 3, action: 'remind' },
      { after_days: 7, action: 'suspend' },
      { after_days: 14, action: 'cancel' },
    ],
  },
  /** For so long a period that is over waits for use that is reported late, before it is billed. */
  invoice_grace_hours: {
    schema: whole(0, 720),
    initial: 1,
  },
  /** Sign-ups of one address within an hour. */
  sign_ups_per_hour: {
    schema: whole(1, 1_000_000),
    initial: 60,
  },
  /** Mails for forgotten passwords that one address may ask for within an hour. */
  forgotten_passwords_per_hour: {
    schema: whole(1, 1_000_000),
    initial: 30,
  },
  /** Notifications of payment providers that one address may send within an hour. */
  payment_notifications_per_hour: {
    schema: whole(1, 10_000_000),
    initial: 36_000,
  },
  /** How far business time runs ahead of wall time; only a sandbox moves it. */
  clock_offset_ms: {
    schema: z.number().int().min(0),
    initial: 0,
  },
  /** For how many days reported usage is taken after it happened. */
  metering_late_horizon_days: {
    schema: whole(1, 400),
    initial: 35,
  },
  /** For how many months rows of usage and events stay attached; null: for good. */
  metering_retention_months: {
    schema: whole(2, 1200).nullable(),
    initial: null,
  },
  /** Months of usage and events that began before are detached; the job that detaches them says so. */
  metering_kept_since: {
    schema: z.iso.datetime().nullable(),
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
