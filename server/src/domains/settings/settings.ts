/** Every setting that is kept in the database: its shape, and its value until somebody writes one. */
import { z } from 'zod';
import { parseNanos } from '../../platform/money.ts';

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

const days = whole(1, 730);

const RiskRule = z.strictObject({
  points: whole(0, 100),
  threshold: whole(1, 10_000),
  window_days: whole(1, 365),
  half_life_days: whole(1, 365),
});

const RiskRules = z.strictObject({
  shared_address: RiskRule,
  shared_device: RiskRule,
  shared_payer: RiskRule,
  failed_payments: RiskRule,
  returned_payments: RiskRule,
  usage_burst: RiskRule,
  sign_in_attacks: RiskRule,
  hold_score: whole(1, 100),
  established_days: whole(1, 3650),
  returned_percent: whole(1, 100),
  burst_per_day: Rate,
  burst_age_days: whole(1, 365),
});

const ReferralRules = z
  .strictObject({
    enabled: z.boolean(),
    inviter_reward: Rate,
    invited_reward: Rate,
    required_payments: Rate,
    waiting_days: whole(1, 365),
    pay_within_days: days,
    expires_after_days: days,
    monthly_max: whole(1, 10_000),
  })
  .refine(
    ({ inviter_reward: inviter, invited_reward: invited, required_payments: required }) =>
      parseNanos(inviter) + parseNanos(invited) <= parseNanos(required),
    'both rewards together must not be more than the payments that earn them',
  );

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
  /** Own words below every invoice: how to pay by transfer, terms, thanks. */
  invoice_text: {
    schema: z.string().max(600),
    initial: '',
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
  /** How risks are scored: what each rule weighs, from how much evidence on, and for how long. */
  risk_rules: {
    schema: RiskRules,
    initial: {
      shared_address: { points: 15, threshold: 5, window_days: 30, half_life_days: 10 },
      shared_device: { points: 25, threshold: 3, window_days: 90, half_life_days: 30 },
      shared_payer: { points: 30, threshold: 3, window_days: 90, half_life_days: 30 },
      failed_payments: { points: 45, threshold: 4, window_days: 3, half_life_days: 2 },
      returned_payments: { points: 45, threshold: 2, window_days: 120, half_life_days: 60 },
      usage_burst: { points: 20, threshold: 1, window_days: 14, half_life_days: 7 },
      sign_in_attacks: { points: 10, threshold: 30, window_days: 7, half_life_days: 2 },
      hold_score: 80,
      established_days: 30,
      returned_percent: 20,
      burst_per_day: '50',
      burst_age_days: 14,
    },
  },
  /** What inviter and invited earn, in the usage currency, and when. */
  referral_rules: {
    schema: ReferralRules,
    initial: {
      enabled: false,
      inviter_reward: '5',
      invited_reward: '5',
      required_payments: '20',
      waiting_days: 14,
      pay_within_days: 90,
      expires_after_days: 180,
      monthly_max: 20,
    },
  },
  /** How far business time runs ahead of wall time; only a sandbox moves it. */
  clock_offset_ms: {
    schema: z.number().int().min(0),
    initial: 0,
  },
  /** What a call of a customer without a plan costs whose caller left: what was delivered, or all that was made. */
  on_abort: {
    schema: z.enum(['delivered', 'drained']),
    initial: 'delivered',
  },
  /** Whether anyone may read the status page. */
  public_status: {
    schema: z.boolean(),
    initial: true,
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
  /** For how many months entries of the audit log stay in the database before they go into a file; null: for good. */
  audit_retention_months: {
    schema: whole(3, 1200).nullable(),
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
