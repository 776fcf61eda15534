/** What was used: sums of calls and meters, and what applications report. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Instant, InstantInput, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Aggregation, MeterUnit, Quantity, QuantityInput, ReferenceInput } from './meters.ts';

/** Whose calls; of members and cost centers only for who may see other members' usage. */
const usageFilters = {
  application: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  api_key: z.string().max(100).optional(),
  member: z.string().max(100).optional().meta({ description: '`none`: of no member.' }),
  cost_center: z.string().max(100).optional().meta({ description: '`none`: unassigned.' }),
};

const interval = z.enum(['hour', 'day', 'month']).default('day');

function groupsOf(names: readonly string[]) {
  const one = `(${names.join('|')})`;
  return z
    .string()
    .regex(
      new RegExp(`^${one}(,${one})*$`),
      `Group by any of ${names.join(', ')}, with commas between them.`,
    )
    .optional()
    .meta({ example: names.slice(0, 2).join(',') });
}

const callGroups = ['model', 'api_key', 'application', 'tag', 'member', 'cost_center'] as const;
const quantityGroups = ['api_key', 'application', 'tag', 'member', 'cost_center'] as const;

const Period = z.strictObject({
  from: InstantInput.optional(),
  to: InstantInput.optional(),
  interval,
});

const Count = z.number().int();
const UsagePoint = z
  .object({
    from: Instant,
    to: Instant,
    group: z.record(z.string(), z.string()).meta({
      description: 'A call with several tags counts under each; what has none names none.',
    }),
    calls: Count,
    input_tokens: Count,
    cached_input_tokens: Count,
    cache_write_tokens: Count,
    output_tokens: Count,
    reasoning_tokens: Count,
    amount: Amount,
    currency: Currency,
    success_rate: z.number().nullable().meta({
      description: 'Share of the calls that neither failed nor were aborted; null without calls.',
    }),
    latency_ms: z.number().nullable().meta({ description: 'Mean of the calls that measured it.' }),
    first_token_ms: z.number().nullable().meta({ description: 'Mean of the calls that streamed.' }),
  })
  .meta({ id: 'UsagePoint' });

const UsagePoints = z.object({
  data: z.array(UsagePoint),
  names: z.record(z.string(), z.string()).optional().meta({
    description: 'What the ids in `group` are called, where they are the organization’s.',
  }),
  next_cursor: z.string().nullable(),
});

export const getUsage = endpoint({
  operation: 'getUsage',
  method: 'GET',
  path: '/api/v1/billing/usage',
  summary:
    'Calls, tokens, cost and response times by hour, day or month of the organization’s zone, or over all of the period, split as asked; whatever it is split by, the parts sum to the whole, but for tags.',
  query: Period.extend({
    interval: z.enum(['hour', 'day', 'month', 'all']).default('day'),
    ...usageFilters,
    group_by: groupsOf(callGroups),
    format: z.enum(['json', 'csv']).default('json').meta({
      description: '`csv`: a file for a spreadsheet, with names beside ids.',
    }),
  }),
  answer: UsagePoints,
});

export const searchUsage = endpoint({
  operation: 'searchUsage',
  method: 'GET',
  path: '/api/v1/admin/usage',
  summary:
    'The same over all organizations, or one: hours are the deployment’s, a day is each organization’s own.',
  query: Period.extend({
    organization: z.string().max(100).optional(),
    application: z.string().max(100).optional(),
    group_by: groupsOf(['organization', ...callGroups]),
  }),
  answer: UsagePoints,
});

const MeterPoint = z
  .object({
    from: Instant,
    to: Instant,
    group: z.record(z.string(), z.string()),
    meter: z.string(),
    unit: MeterUnit,
    aggregation: Aggregation,
    events: Count,
    quantity: Quantity.nullable().meta({
      description: 'By the meter’s aggregation; null where nothing stood yet.',
    }),
  })
  .meta({ id: 'MeterPoint' });

const MeterPoints = z.object({ data: z.array(MeterPoint), next_cursor: z.string().nullable() });
const meterQuery = { meter: ReferenceInput };

export const getMeterUsage = endpoint({
  operation: 'getMeterUsage',
  method: 'GET',
  path: '/api/v1/billing/usage/meters',
  summary: 'What was used of a meter by hour, day or month of the organization’s zone.',
  query: Period.extend({
    ...meterQuery,
    application: z.string().max(100).optional(),
    group_by: groupsOf(quantityGroups),
  }),
  answer: MeterPoints,
  refusals: ['meter_unknown', 'rule_violated'],
});

export const searchMeterUsage = endpoint({
  operation: 'searchMeterUsage',
  method: 'GET',
  path: '/api/v1/admin/usage/meters',
  summary: 'What was used of a meter over all organizations, or one.',
  query: Period.extend({
    ...meterQuery,
    organization: z.string().max(100).optional(),
    application: z.string().max(100).optional(),
    group_by: groupsOf(['organization', ...quantityGroups]),
  }),
  answer: MeterPoints,
  refusals: ['meter_unknown', 'rule_violated'],
});

/** Events of one request at most. */
export const eventsMax = 1000;
const eventBytesMax = 2048;

/** One piece of usage, as an application reports it. Each is judged by itself, so a request is only split here. */
export const ReportedUsage = z.strictObject({
  id: z.string().min(1).max(200).meta({
    description: 'The reporter’s own; what is sent again under it counts once.',
  }),
  time: InstantInput.optional().meta({ description: 'When it happened; now, where left out.' }),
  subject: z
    .strictObject({
      organization: z.string().optional(),
      external_id: z.string().optional(),
      user: z.string().optional(),
      api_key: z.string().optional(),
    })
    .optional()
    .meta({ description: 'Whose use it is; an organization’s API key reports its own.' }),
  application: z.string().optional(),
  meter: z.string().optional().meta({ description: 'Name a meter, or a model with its usage.' }),
  quantity: QuantityInput.optional().meta({
    description: 'In the meter’s unit; 1 where left out. A count counts 1 for each event.',
  }),
  model: z.string().optional(),
  usage: z
    .strictObject({
      input_tokens: Count,
      output_tokens: Count,
      cached_input_tokens: Count.optional(),
      cache_write_tokens: Count.optional(),
      reasoning_tokens: Count.optional(),
    })
    .optional(),
  tags: z.array(z.string()).max(10).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  corrects: z.string().optional().meta({
    description: 'Id of the earlier event that this one stands in place of, at its time.',
  }),
});

// Shown as it should be, taken as it comes: one bad event refuses only itself.
const {
  $schema: _schema,
  $defs: _definitions,
  ...shownEvent
} = z.toJSONSchema(ReportedUsage, { io: 'input', unrepresentable: 'any' });
const Batch = z
  .array(z.unknown())
  .min(1, 'Send at least one event.')
  .max(eventsMax, `Send at most ${eventsMax} events at once, and the rest in further requests.`);

const Report = z
  .preprocess(
    (body) => (Array.isArray(body) ? { events: body } : body),
    z.strictObject({ events: Batch }),
  )
  .meta({
    description: 'The array of events alone is taken as well.',
    type: 'object',
    properties: {
      events: { type: 'array', minItems: 1, maxItems: eventsMax, items: shownEvent },
    },
    required: ['events'],
  });

export const reportUsage = endpoint({
  operation: 'reportUsage',
  method: 'POST',
  path: '/api/v1/billing/usage/events',
  summary:
    'Takes 1 to 1,000 events of usage, answered one by one in their order; what is accepted is durable, and counts once however often it is sent.',
  body: Report,
  bodyBytesMax: eventsMax * eventBytesMax,
  answer: z.object({
    data: z.array(
      z.object({
        id: z.string().nullable(),
        status: z.enum(['accepted', 'duplicate', 'refused']),
        code: z.string().optional(),
        message: z.string().optional(),
      }),
    ),
  }),
  refusals: ['body_too_large', 'unavailable'],
  example: {
    events: [{ id: 'scan-7f3a', subject: { external_id: 'customer-42' }, meter: 'analyses' }],
  },
});

const ReportedEvent = z
  .object({
    id: z.string(),
    application: z.string().nullable(),
    meter: z.string(),
    unit: MeterUnit,
    quantity: Quantity,
    value: z.string().nullable().meta({ description: 'Of the property that `unique` counts.' }),
    api_key: z.string().nullable(),
    member: z.string().nullable(),
    cost_center: z.string().nullable(),
    tags: z.array(z.string()),
    properties: z.record(z.string(), z.unknown()).nullable(),
    time: Instant,
    received_at: Instant,
    superseded_by: z.string().nullable(),
  })
  .meta({ id: 'ReportedEvent' });

export const listReportedEvents = endpoint({
  operation: 'listReportedEvents',
  method: 'GET',
  path: '/api/v1/billing/usage/reported',
  summary: 'Events that were reported of the organization, the latest that happened first.',
  query: TimedPageQuery.extend({ meter: ReferenceInput.optional() }),
  answer: pageOf(ReportedEvent),
  refusals: ['meter_unknown'],
});
