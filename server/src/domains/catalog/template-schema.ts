/** What an application's template may say, before anything is known of the deployment. */

import { nameOf } from '@sluice/contract/conventions';
import { Aggregation, FeatureValue, MeterUnit, ReferenceInput } from '@sluice/contract/meters';
import { PlanFields, PlanSlug } from '@sluice/contract/plans';
import { z } from 'zod';

const listMax = 200;
const Key = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,39}$/,
    'write it in lower-case letters, digits and underscores, such as report_exports',
  );

const Meter = z.strictObject({
  key: Key,
  name: nameOf('meter'),
  aggregation: Aggregation,
  unit: MeterUnit.optional(),
  kind: z.enum(['flow', 'level']).optional(),
  property: z.string().trim().min(1).max(100).optional(),
  requires_quota: z.boolean().optional(),
});

const Feature = z.strictObject({
  key: Key,
  name: nameOf('feature'),
  kind: z.enum(['boolean', 'number', 'text']).optional(),
});

const Plan = z.strictObject({
  ...PlanFields,
  slug: PlanSlug,
  features: z.record(ReferenceInput, FeatureValue).optional(),
});

export const ApplicationSlug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,39}$/,
    'write it in lower-case letters, digits and hyphens, such as medical',
  )
  .refine((slug) => slug !== 'gateway', 'gateway is the deployment’s own: choose another one');

export const Template = z.strictObject({
  application: z.strictObject({
    slug: ApplicationSlug,
    name: nameOf('application'),
    description: z.string().trim().max(2000).optional(),
  }),
  meters: z.array(Meter).max(listMax).default([]),
  features: z.array(Feature).max(listMax).default([]),
  plans: z.array(Plan).max(listMax).default([]),
});
export type Template = z.output<typeof Template>;
