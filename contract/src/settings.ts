/** The deployment itself: what anyone may know of it; in sandbox mode its business clock can be moved. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { Instant, InstantInput, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const getDeployment = endpoint({
  operation: 'getDeployment',
  method: 'GET',
  path: '/api/v1/deployment',
  summary: 'What a client must know of this deployment: its mode, currencies and business time.',
  answer: z
    .object({
      mode: z.enum(['sandbox', 'live']),
      usage_currency: Currency.meta({
        description: 'Currency of model prices, allowances and wallets.',
      }),
      currency: Currency.meta({ description: 'Currency of a package that names none.' }),
      time_zone: z.string(),
      locale: z.enum(['en', 'zh-CN']),
      business_time: Instant.meta({ description: 'Differs from wall time only in a sandbox.' }),
    })
    .meta({ id: 'Deployment' }),
});

/** Two capital letters of ISO 3166-1. */
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Write the country as two capital letters, such as "DE".');

export const AddressLines = z.array(z.string().trim().min(1).max(200)).max(6);

const prefix = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{0,7}$/, 'Use up to eight capital letters and digits.');

const SellerFields = z.strictObject({
  name: nameOf('seller', 200),
  tax_id: z.string().trim().min(1).max(40).nullable(),
  address: AddressLines,
  country: Country.nullable(),
  invoice_prefix: prefix,
  credit_note_prefix: prefix,
});

/** A whole number within bounds, refused with a sentence that names them. */
function whole(min: number, max: number) {
  const error = `Write a whole number from ${min} to ${max}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const perHour = 1_000_000;

const limits = {
  invoice_grace_hours: whole(0, 720).meta({
    description: 'For so long a period that is over waits for late usage before it is billed.',
  }),
  past_due_grace_days: whole(0, 365).meta({
    description: 'For so many days an organization that is past due is served.',
  }),
  metering_late_horizon_days: whole(1, 400).meta({
    description: 'For so many days after it happened reported usage is taken.',
  }),
  metering_retention_months: whole(2, 1200).nullable().meta({
    description: 'For so many months single calls and events are kept; null: for good.',
  }),
  audit_retention_months: whole(3, 1200).nullable().meta({
    description:
      'For so many months the audit log stays in the database; what is older goes into a file. null: for good.',
  }),
  sign_ups_per_hour: whole(1, perHour).meta({ description: 'Of one address.' }),
  forgotten_passwords_per_hour: whole(1, perHour).meta({
    description: 'Mails that one address may ask for.',
  }),
  payment_notifications_per_hour: whole(1, 10 * perHour).meta({
    description: 'Notifications of payment providers that one address may send.',
  }),
};

const aborts = {
  on_abort: z.enum(['delivered', 'drained']).meta({
    description:
      'What a call of a customer without a plan costs whose caller left: the output that was delivered, or all that the upstream made.',
  }),
};

const publicStatus = {
  public_status: z.boolean().meta({ description: 'Whether anyone may read the status page.' }),
};

const dunning = {
  dunning_steps: z
    .array(
      z.strictObject({
        after_days: whole(0, 365).meta({ description: 'Since the end of the invoice’s term.' }),
        action: z.enum(['remind', 'suspend', 'cancel']),
      }),
    )
    .max(20, 'Give at most 20 steps.')
    .meta({ description: 'What is done about an invoice of a subscription not paid in time.' }),
};

const invoiceText = {
  invoice_text: z
    .string()
    .trim()
    .max(600, 'Keep the text within 600 characters.')
    .meta({ description: 'Own words below every invoice that is issued from now on.' }),
};

const FapiaoCurrencies = z
  .array(Currency)
  .max(20)
  .meta({ description: 'What was paid in these currencies may have a fapiao.' });

const Settings = z
  .object({
    exchange_rates: z
      .record(Currency, Amount)
      .meta({ description: 'Units of each currency for one unit of the usage currency.' }),
    fapiao_currencies: FapiaoCurrencies,
    usage_invoice_thresholds: z.record(Currency, Amount).meta({
      description:
        'Use of a period that runs is invoiced as soon as it comes to that much before tax, by currency.',
    }),
    default_plan: z
      .string()
      .nullable()
      .meta({ description: 'Slug of the plan that a new organization gets.' }),
    seller: z.object(SellerFields.shape).meta({
      id: 'SellerSettings',
      description: 'What invoices say of the seller. A new prefix begins a new series of numbers.',
    }),
    ...limits,
    ...aborts,
    ...dunning,
    ...publicStatus,
    ...invoiceText,
  })
  .meta({ id: 'Settings' });

export const getSettings = endpoint({
  operation: 'getSettings',
  method: 'GET',
  path: '/api/v1/admin/settings',
  summary: 'What operators set for the whole deployment.',
  answer: Settings,
});

export const updateSettings = endpoint({
  operation: 'updateSettings',
  method: 'PATCH',
  path: '/api/v1/admin/settings',
  summary:
    'Changes settings of the deployment, all that are named or none; a rate counts from now on.',
  body: z.strictObject({
    exchange_rates: z.record(Currency, AmountPositive).optional(),
    fapiao_currencies: FapiaoCurrencies.optional(),
    usage_invoice_thresholds: z.record(Currency, AmountPositive).optional(),
    default_plan: z.string().min(1).max(60).nullable().optional(),
    seller: SellerFields.partial().optional(),
    ...z.object({ ...limits, ...aborts, ...dunning, ...publicStatus, ...invoiceText }).partial()
      .shape,
  }),
  answer: Settings,
  refusals: ['rule_violated'],
  example: { exchange_rates: { CNY: '7.2' } },
});

const Clock = z
  .object({ wall: Instant, business: Instant, offset_ms: z.number().int() })
  .meta({ id: 'Clock' });

export const getClock = endpoint({
  operation: 'getClock',
  method: 'GET',
  path: '/api/v1/admin/sandbox/clock',
  summary: 'The two clocks of a sandbox deployment.',
  answer: Clock,
});

export const moveClock = endpoint({
  operation: 'moveClock',
  method: 'POST',
  path: '/api/v1/admin/sandbox/clock',
  summary: 'Moves the business clock of a sandbox forward and runs what became due.',
  body: z.union([
    z.strictObject({ advance: z.string().max(40).meta({ example: 'P1D' }) }),
    z.strictObject({ to: InstantInput }),
  ]),
  answer: Clock,
  refusals: ['rule_violated'],
  example: { advance: 'P1D' },
});
