/** What operators want to be told of: rules over figures of the whole deployment, and when each of them fired. */
import { z } from 'zod';
import { decimalInput } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/**
 * Every figure that a rule may watch: its unit, and what its window is made of. A window of hours counts those that have
 * ended; `now` has no window and no past.
 */
export const alertMetrics = {
  payment_failure_rate: { unit: 'percent', grain: 'minute' },
  payments_received: { unit: 'amount', grain: 'minute' },
  notifications_waiting: { unit: 'count', grain: 'now' },
  quota_violations: { unit: 'count', grain: 'minute' },
  cancellations: { unit: 'count', grain: 'minute' },
  response_time_p95: { unit: 'milliseconds', grain: 'minute' },
  call_duration_p95: { unit: 'milliseconds', grain: 'minute' },
  call_failure_rate: { unit: 'percent', grain: 'minute' },
  calls: { unit: 'count', grain: 'hour' },
  usage_revenue: { unit: 'amount', grain: 'hour' },
  shortfall: { unit: 'amount', grain: 'hour' },
  channels_unwell: { unit: 'count', grain: 'now' },
  jobs_failing: { unit: 'count', grain: 'now' },
  mails_waiting: { unit: 'count', grain: 'now' },
  news_waiting: { unit: 'count', grain: 'now' },
  ledger_problems: { unit: 'count', grain: 'now' },
} as const satisfies Record<string, { unit: string; grain: string }>;

export type AlertMetric = keyof typeof alertMetrics;
export type AlertUnit = (typeof alertMetrics)[AlertMetric]['unit'];

const metricNames = Object.keys(alertMetrics) as [AlertMetric, ...AlertMetric[]];
const Metric = z.enum(metricNames);
const Unit = z.enum(['percent', 'amount', 'count', 'milliseconds']);
const Grain = z.enum(['minute', 'hour', 'now']).meta({
  description: 'What a window is made of; `now` has none, and no past to compare with.',
});
const Condition = z
  .enum(['above', 'below', 'unusually_high', 'unusually_low'])
  .meta({ description: 'Against the threshold, or against the same time of the days before.' });
export type AlertCondition = z.infer<typeof Condition>;

const Figure = z.string().meta({
  description: 'A decimal in the metric’s unit: percent, milliseconds, a count, an amount.',
  example: '5',
});

export const AlertMetricView = z
  .object({
    metric: Metric,
    unit: Unit,
    grain: Grain,
    currency: z.string().nullable().meta({ description: 'Of an amount.' }),
  })
  .meta({ id: 'AlertMetric' });

const windowMinutesMax = 10_080;
const addressesMax = 20;

const Threshold = decimalInput('threshold').refine((text) => !text.startsWith('-'), {
  message: 'Give a threshold of zero or more.',
});

const fields = {
  name: nameOf('rule').nullable().meta({ description: 'Null: it is called by what it watches.' }),
  metric: Metric,
  window_minutes: z.number().int().min(1).max(windowMinutesMax).meta({
    description: 'How far back is looked; whole hours for a metric whose grain is the hour.',
  }),
  condition: Condition,
  threshold: Threshold.nullable().meta({ description: 'For `above` and `below`.' }),
  deviations: z
    .number()
    .int()
    .min(2)
    .max(50)
    .nullable()
    .meta({ description: 'For `unusually_…`: so many deviations from the median of the past.' }),
  samples_min: z.number().int().min(0).max(1_000_000).meta({
    description: 'With fewer payments, calls or events than this nothing is judged.',
  }),
  enabled: z.boolean(),
  mails_operators: z.boolean().meta({
    description: 'Mails everybody whose role on the deployment may read its settings.',
  }),
  mail_addresses: z.array(z.email().max(254)).max(addressesMax),
  quiet_minutes: z.number().int().min(0).max(windowMinutesMax).meta({
    description: 'Having been resolved, it tells nobody again for so long.',
  }),
};

const WebhookInput = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'Write an https address.' }).max(2000),
    secret: z
      .string()
      .min(16, 'Take a secret of 16 characters or more.')
      .max(200)
      .optional()
      .meta({ description: 'Signs every message, by Standard Webhooks; left out: unsigned.' }),
  })
  .nullable();

export const AlertFiring = z
  .object({
    id: z.string(),
    rule: z.string(),
    name: z.string().nullable(),
    metric: Metric,
    unit: Unit,
    currency: z.string().nullable(),
    condition: Condition,
    limit: Figure.meta({ description: 'What was passed.' }),
    expected: Figure.nullable().meta({ description: 'The median of the past, where it counts.' }),
    value: Figure.meta({ description: 'When it fired.' }),
    worst: Figure.meta({ description: 'The farthest that it went.' }),
    fired_at: Instant,
    resolved_at: Instant.nullable(),
    resolved_value: Figure.nullable().meta({
      description: 'When it was resolved; null where there was too little to judge, or no rule.',
    }),
    told_at: Instant.nullable().meta({ description: 'Null while it is kept quiet.' }),
  })
  .meta({ id: 'AlertFiring' });

export const AlertRule = z
  .object({
    id: z.string(),
    ...fields,
    unit: Unit,
    grain: Grain,
    currency: z.string().nullable(),
    threshold: Figure.nullable(),
    webhook: z.object({ url: z.string(), signed: z.boolean() }).nullable().meta({
      description: 'Its address without path and query, which may be secret.',
    }),
    built_in: z.boolean().meta({ description: 'It came with the deployment.' }),
    silenced_until: Instant.nullable(),
    evaluated_at: Instant.nullable(),
    value: Figure.nullable().meta({ description: 'When it was evaluated last.' }),
    samples: z.number().int().nullable(),
    problem: z.string().nullable().meta({ description: 'Why it could not be evaluated.' }),
    firing: AlertFiring.nullable(),
  })
  .meta({ id: 'AlertRule' });

const rulePath = '/api/v1/admin/alert-rules';

export const listAlertMetrics = endpoint({
  operation: 'listAlertMetrics',
  method: 'GET',
  path: '/api/v1/admin/alert-metrics',
  summary: 'The figures that alert rules may watch.',
  answer: z.object({ data: z.array(AlertMetricView), next_cursor: z.null() }),
});

export const listAlertRules = endpoint({
  operation: 'listAlertRules',
  method: 'GET',
  path: rulePath,
  summary: 'Every alert rule, with what it found last and whether it is firing.',
  answer: z.object({ data: z.array(AlertRule), next_cursor: z.null() }),
});

export const createAlertRule = endpoint({
  operation: 'createAlertRule',
  method: 'POST',
  path: rulePath,
  summary: 'Adds an alert rule; it is evaluated every minute.',
  body: z.strictObject({
    ...fields,
    name: fields.name.default(null),
    threshold: fields.threshold.default(null),
    deviations: fields.deviations.default(null),
    samples_min: fields.samples_min.default(0),
    enabled: fields.enabled.default(true),
    mails_operators: fields.mails_operators.default(true),
    mail_addresses: fields.mail_addresses.default([]),
    quiet_minutes: fields.quiet_minutes.default(60),
    webhook: WebhookInput.default(null),
  }),
  answer: AlertRule,
  status: 201,
  refusals: ['rule_violated'],
  idempotent: true,
  example: {
    metric: 'call_failure_rate',
    window_minutes: 15,
    condition: 'above',
    threshold: '3',
    samples_min: 50,
    mail_addresses: ['oncall@example.com'],
  },
});

export const updateAlertRule = endpoint({
  operation: 'updateAlertRule',
  method: 'PATCH',
  path: `${rulePath}/{id}`,
  summary: 'Changes an alert rule; what is left out stays, its webhook too.',
  params: IdParams,
  body: z
    .strictObject({
      ...fields,
      webhook: WebhookInput,
      silenced_until: InstantInput.nullable().meta({
        description: 'Until then it tells nobody; its history goes on.',
      }),
    })
    .partial(),
  answer: AlertRule,
  refusals: ['not_found', 'rule_violated'],
  example: { threshold: '8', silenced_until: '2026-01-31T08:00:00Z' },
});

export const deleteAlertRule = endpoint({
  operation: 'deleteAlertRule',
  method: 'DELETE',
  path: `${rulePath}/{id}`,
  summary: 'Removes an alert rule; its history stays.',
  params: IdParams,
  status: 204,
  refusals: ['not_found'],
});

export const testAlertRule = endpoint({
  operation: 'testAlertRule',
  method: 'POST',
  path: `${rulePath}/{id}/test`,
  summary: 'Evaluates a rule now, and sends a message marked as a test to whom it tells.',
  params: IdParams,
  answer: z.object({
    value: Figure.nullable().meta({ description: 'Null where there was nothing to judge.' }),
    samples: z.number().int(),
    limit: Figure.nullable(),
    expected: Figure.nullable(),
    standing: z.enum(['normal', 'beyond', 'too_few_samples', 'no_past']),
    mails: z.number().int().meta({ description: 'Test mails that are on their way.' }),
    webhook: z
      .object({ ok: z.boolean(), message: z.string() })
      .nullable()
      .meta({ description: 'What the webhook answered; null where there is none.' }),
  }),
  refusals: ['not_found'],
});

export const listAlertFirings = endpoint({
  operation: 'listAlertFirings',
  method: 'GET',
  path: '/api/v1/admin/alert-firings',
  summary: 'When rules fired and were resolved, the newest first.',
  query: PageQuery.extend({ rule: z.string().max(100).optional() }),
  answer: pageOf(AlertFiring),
});
