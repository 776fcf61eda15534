/** The catalog as one file: what it may say, before anything is known of the deployment. */
import { createModelPrice, createPackage } from '@sluice/contract/catalog';
import { nameOf } from '@sluice/contract/conventions';
import { createCoupon } from '@sluice/contract/coupons';
import { Aggregation, MeterUnit, ReferenceInput } from '@sluice/contract/meters';
import { createModelGroup } from '@sluice/contract/model-groups';
import { createPlan } from '@sluice/contract/plans';
import { z } from 'zod';
import { ApplicationSlug } from './template-schema.ts';

/** Of one kind; a deployment with more of it is no catalog that a person keeps in a file. */
export const entriesMax = 2_000;

const status = z.enum(['active', 'archived']).default('active');
const listOf = <T extends z.ZodType>(entry: T) => z.array(entry).max(entriesMax).default([]);

const Application = z.strictObject({
  slug: ApplicationSlug,
  name: nameOf('application'),
  description: z.string().trim().max(2000).optional(),
});

const Meter = z.strictObject({
  meter: ReferenceInput,
  name: nameOf('meter'),
  aggregation: Aggregation,
  unit: MeterUnit.optional(),
  kind: z.enum(['flow', 'level']).optional(),
  property: z.string().trim().min(1).max(100).optional(),
  requires_quota: z.boolean().default(false),
  status,
});

const Feature = z.strictObject({
  feature: ReferenceInput,
  name: nameOf('feature'),
  kind: z.enum(['boolean', 'number', 'text']).default('boolean'),
  status,
});

/** From now on: versions that begin later are made in the console. */
const {
  effective_from: _price,
  currency: _currency,
  ...modelPriceFields
} = createModelPrice.body.shape;
const { effective_from: _group, ...modelGroupFields } = createModelGroup.body.shape;

export const PricingFile = z.strictObject({
  applications: listOf(Application),
  meters: listOf(Meter),
  features: listOf(Feature),
  plans: listOf(createPlan.body.extend({ status })),
  packages: listOf(createPackage.body.extend({ status })),
  coupons: listOf(createCoupon.body.extend({ status })),
  model_prices: listOf(z.strictObject(modelPriceFields)),
  model_groups: listOf(z.strictObject(modelGroupFields)),
});
export type PricingFile = z.output<typeof PricingFile>;

/** By which field an entry of each list is known. */
export const nameFields = {
  applications: 'slug',
  meters: 'meter',
  features: 'feature',
  plans: 'slug',
  packages: 'name',
  coupons: 'code',
  model_prices: 'model',
  model_groups: 'slug',
} as const;
