/** Models that are priced together, and by how much: for everyone, or for one customer. */
import { z } from 'zod';
import { decimalInput } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const multiplierMax = 1000;

export const Multiplier = z.string().meta({
  id: 'Multiplier',
  example: '1.2',
  description: 'What list prices are multiplied by: a decimal with at most 6 decimals.',
});

export const MultiplierInput = decimalInput('multiplier')
  .refine((text) => (text.split('.')[1] ?? '').length <= 6, 'Use at most 6 decimals.')
  .refine(
    (text) => Number(text) > 0 && Number(text) <= multiplierMax,
    `Use a multiplier above 0 and at most ${multiplierMax}.`,
  )
  .meta({
    id: 'MultiplierInput',
    description: 'Decimal string or JSON number, at most 6 decimals.',
  });

/** An exact name, or a beginning with `*` behind it. */
const ModelPattern = z
  .string()
  .trim()
  .regex(
    /^[^*\s]{0,199}\*?$/,
    'Write a model’s name, or a beginning with * at its end, such as claude-*.',
  )
  .min(1, 'Write a model’s name, or a beginning with * at its end, such as claude-*.');

const GroupTerms = {
  models: z.array(z.string()).meta({ description: 'Names, or beginnings with `*` behind them.' }),
  multiplier: Multiplier,
  effective_from: Instant,
};

export const ModelGroup = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    ...GroupTerms,
    changes: z
      .array(z.object(GroupTerms))
      .meta({ description: 'What is to hold later, the next first.' }),
    organizations: z
      .number()
      .int()
      .meta({ description: 'How many customers have a multiplier of their own.' }),
    created_at: Instant,
  })
  .meta({ id: 'ModelGroup' });

export const GroupSlug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'Write 1 to 40 lower-case letters, digits and hyphens, such as claude.',
  );

const TermsInput = {
  models: z.array(ModelPattern).max(100),
  multiplier: MultiplierInput,
  effective_from: InstantInput.optional(),
};

export const listModelGroups = endpoint({
  operation: 'listModelGroups',
  method: 'GET',
  path: '/api/v1/admin/model-groups',
  summary: 'Groups of models with their multipliers, by slug.',
  query: PageQuery,
  answer: pageOf(ModelGroup),
});

export const createModelGroup = endpoint({
  operation: 'createModelGroup',
  method: 'POST',
  path: '/api/v1/admin/model-groups',
  summary:
    'Groups models under one multiplier, for calls that begin after the answer or at `effective_from`.',
  body: z.strictObject({ slug: GroupSlug, name: nameOf('group'), ...TermsInput }),
  answer: ModelGroup,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'conflict', 'rule_violated'],
  example: { slug: 'claude', name: 'Claude', models: ['claude-*'], multiplier: '1.2' },
});

export const updateModelGroup = endpoint({
  operation: 'updateModelGroup',
  method: 'PATCH',
  path: '/api/v1/admin/model-groups/{id}',
  summary:
    'Renames a group, or changes its models or multiplier for calls that begin after it; no models ends it.',
  params: IdParams,
  body: z.strictObject({ name: nameOf('group'), ...TermsInput }).partial(),
  answer: ModelGroup,
  refusals: ['conflict', 'rule_violated'],
});

export const OrganizationMultiplier = z
  .object({
    organization: z.string(),
    group: z.string().meta({ description: 'Slug.' }),
    group_name: z.string(),
    group_multiplier: Multiplier.meta({ description: 'Everyone else’s.' }),
    multiplier: Multiplier.nullable().meta({ description: 'Its own; null: the group’s.' }),
    changes: z
      .array(z.object({ multiplier: Multiplier.nullable(), effective_from: Instant }))
      .meta({ description: 'What is to hold later, the next first.' }),
  })
  .meta({ id: 'OrganizationMultiplier' });

export const listOrganizationMultipliers = endpoint({
  operation: 'listOrganizationMultipliers',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/multipliers',
  summary: 'Every group of models, with the multiplier that a customer has for it.',
  params: IdParams,
  answer: z.object({ data: z.array(OrganizationMultiplier) }),
});

export const listGroupMultipliers = endpoint({
  operation: 'listGroupMultipliers',
  method: 'GET',
  path: '/api/v1/admin/model-groups/{id}/organizations',
  summary: 'Customers with a multiplier of their own for a group of models, or with one to come.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(OrganizationMultiplier),
});

export const setOrganizationMultiplier = endpoint({
  operation: 'setOrganizationMultiplier',
  method: 'PUT',
  path: '/api/v1/admin/organizations/{id}/multipliers/{group}',
  summary:
    'Gives a customer its own multiplier for a group of models, or the group’s again, for calls that begin after it.',
  params: z.strictObject({ id: z.string().min(1).max(100), group: z.string().min(1).max(100) }),
  body: z.strictObject({
    multiplier: MultiplierInput.nullable(),
    effective_from: InstantInput.optional(),
  }),
  answer: OrganizationMultiplier,
  refusals: ['rule_violated'],
  example: { multiplier: '0.9' },
});
