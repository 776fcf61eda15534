/** What is counted, and what may be given besides: meters and features, of an application or of the deployment. */
import { z } from 'zod';
import { decimalInput } from './amounts.ts';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/** A quantity as input, in the meter's unit: a `gb` of "1.5" is 1,500,000,000 bytes. */
export const QuantityInput = decimalInput('quantity').meta({
  id: 'QuantityInput',
  description: 'Decimal string or JSON number in the meter’s unit, at most 9 decimals.',
});

/** Like `QuantityInput`, and zero or more. */
export const QuantityNotNegative = QuantityInput.refine((text) => !text.startsWith('-'), {
  message: 'The quantity must not be negative.',
});

/** A quantity as output: a plain decimal string in the meter's unit. */
export const Quantity = z
  .string()
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/)
  .meta({ id: 'Quantity', example: '100' });

export const Aggregation = z
  .enum(['count', 'sum', 'max', 'unique', 'latest', 'weighted_sum'])
  .meta({ id: 'Aggregation' });
export type Aggregation = z.output<typeof Aggregation>;

/** Times, tokens, gigabytes (1e9 bytes), or money in the usage currency. */
export const MeterUnit = z.enum(['count', 'tokens', 'gb', 'money']).meta({ id: 'MeterUnit' });
export type MeterUnit = z.output<typeof MeterUnit>;

const Status = z.enum(['active', 'archived']);
const Owner = z
  .object({ id: z.string(), slug: z.string() })
  .nullable()
  .meta({ description: 'Null for the deployment’s own, which any application may name.' });
export const Reference = z.string().meta({
  description:
    'Its name everywhere: `analyses` of the application `medical` is `medical.analyses`.',
  example: 'medical.analyses',
});

/** How plans and requests name a meter or feature: `requests`, or `medical.analyses`. */
export const ReferenceInput = z
  .string()
  .regex(
    /^([a-z][a-z0-9-]{1,39}\.)?[a-z][a-z0-9_]{0,39}$/,
    'Name it by its key, such as "requests", or by its application too, such as "medical.analyses".',
  );

const Key = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,39}$/,
    'Write the key in lower-case letters, digits and underscores, such as "report_exports".',
  );
const ApplicationInput = z.string().trim().min(1).max(100).nullable().optional();

export const Meter = z
  .object({
    id: z.string(),
    reference: Reference,
    key: z.string(),
    application: Owner,
    name: z.string(),
    aggregation: Aggregation,
    unit: MeterUnit,
    kind: z.enum(['flow', 'level']).meta({
      description:
        'A flow is used up within windows; a level, such as storage, stands until it changes.',
    }),
    property: z.string().nullable().meta({ description: 'Whose distinct values `unique` counts.' }),
    requires_quota: z.boolean().meta({ description: 'Without a quota nothing may be used.' }),
    status: Status,
    created_at: Instant,
  })
  .meta({ id: 'Meter' });

const MeterFields = {
  name: nameOf('meter'),
  requires_quota: z.boolean().optional(),
};

export const MeterQuery = PageQuery.extend({
  application: z.string().max(100).optional(),
  status: Status.optional(),
});

export const listMeters = endpoint({
  operation: 'listMeters',
  method: 'GET',
  path: '/api/v1/admin/meters',
  summary: 'Meters of the deployment and of every application, or of one.',
  query: MeterQuery,
  answer: pageOf(Meter),
});

export const getMeter = endpoint({
  operation: 'getMeter',
  method: 'GET',
  path: '/api/v1/admin/meters/{id}',
  summary: 'One meter.',
  params: IdParams,
  answer: Meter,
});

export const createMeter = endpoint({
  operation: 'createMeter',
  method: 'POST',
  path: '/api/v1/admin/meters',
  summary: 'Defines what is counted: of an application, or of the deployment.',
  body: z.strictObject({
    key: Key,
    application: ApplicationInput,
    ...MeterFields,
    aggregation: Aggregation,
    unit: MeterUnit.optional(),
    kind: z.enum(['flow', 'level']).optional(),
    property: z.string().trim().min(1).max(100).nullable().optional(),
  }),
  answer: Meter,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'rule_violated'],
  example: { key: 'analyses', application: 'medical', name: 'Analyses', aggregation: 'count' },
});

export const updateMeter = endpoint({
  operation: 'updateMeter',
  method: 'PATCH',
  path: '/api/v1/admin/meters/{id}',
  summary: 'Renames a meter, archives it or takes it back; how it counts never changes.',
  params: IdParams,
  body: z.strictObject({ ...MeterFields, status: Status }).partial(),
  answer: Meter,
  refusals: ['rule_violated'],
});

/** What a feature may be: switched on, a number such as seats, or a word. */
export const FeatureValue = z
  .union([z.boolean(), z.number().min(-1e12).max(1e12), z.string().max(500)])
  .meta({ id: 'FeatureValue' });
export type FeatureValue = z.output<typeof FeatureValue>;

export const Feature = z
  .object({
    id: z.string(),
    reference: Reference,
    key: z.string(),
    application: Owner,
    name: z.string(),
    kind: z.enum(['boolean', 'number', 'text']),
    status: Status,
    created_at: Instant,
  })
  .meta({ id: 'Feature' });

export const listFeatures = endpoint({
  operation: 'listFeatures',
  method: 'GET',
  path: '/api/v1/admin/features',
  summary: 'Features of the deployment and of every application, or of one.',
  query: MeterQuery,
  answer: pageOf(Feature),
});

export const getFeature = endpoint({
  operation: 'getFeature',
  method: 'GET',
  path: '/api/v1/admin/features/{id}',
  summary: 'One feature.',
  params: IdParams,
  answer: Feature,
});

export const createFeature = endpoint({
  operation: 'createFeature',
  method: 'POST',
  path: '/api/v1/admin/features',
  summary: 'Defines what may be given besides use: a switch, a number or a word.',
  body: z.strictObject({
    key: Key,
    application: ApplicationInput,
    name: nameOf('feature'),
    kind: z.enum(['boolean', 'number', 'text']).optional(),
  }),
  answer: Feature,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'rule_violated'],
  example: { key: 'seats', application: 'medical', name: 'Seats', kind: 'number' },
});

export const updateFeature = endpoint({
  operation: 'updateFeature',
  method: 'PATCH',
  path: '/api/v1/admin/features/{id}',
  summary: 'Renames a feature, archives it or takes it back.',
  params: IdParams,
  body: z.strictObject({ name: nameOf('feature'), status: Status }).partial(),
  answer: Feature,
});
