/** Where the published prices differ from the price book, what that would do, and what an operator decides. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { ModelPrice, PriceTerms, PriceTermsInput } from './catalog.ts';
import { Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { MultiplierInput } from './model-groups.ts';

const Money = z.object({
  revenue: Amount,
  cost: Amount.meta({
    description: 'What upstreams charged; by list price where that is unknown.',
  }),
  margin: Amount,
});

export const PriceEffect = z
  .object({
    from: Instant,
    to: Instant,
    calls: z.number().int(),
    is_exact: z.boolean().meta({
      description: 'Rated call by call; otherwise from sums, as there were too many.',
    }),
    currency: Currency,
    before: Money,
    after: Money,
  })
  .meta({ id: 'PriceEffect' });

const PositionChange = z.object({
  above_input_tokens: z.number().int().nullable().meta({
    description: 'Bound of the tier of context length; null: below all of them.',
  }),
  position: z.string(),
  before: Amount.nullable(),
  after: Amount.nullable(),
  percent: z.string().nullable().meta({ example: '-12.5' }),
});

export const PriceUpdate = z
  .object({
    id: z.string().meta({ description: 'Of exactly this difference.' }),
    kind: z.enum(['new', 'changed', 'gone']),
    model: z.string(),
    effective_from: Instant.nullable().meta({ description: 'Null: as soon as it is accepted.' }),
    before: ModelPrice.nullable().meta({ description: 'What the price book says.' }),
    after: z.object(PriceTerms).nullable().meta({
      description: 'What the published list says; null where it names the model no longer.',
    }),
    changes: z.array(PositionChange),
    effect: PriceEffect.nullable().meta({
      description: 'Had it been so for the last 30 days; null where the model had no price.',
    }),
  })
  .meta({ id: 'PriceUpdate' });

export const listPriceUpdates = endpoint({
  operation: 'listPriceUpdates',
  method: 'GET',
  path: '/api/v1/admin/models/updates',
  summary:
    'Where the published price list differs from the price book, with the effect on the last 30 days. Nothing is applied by itself.',
  query: PageQuery.extend({
    kind: z.enum(['new', 'changed', 'gone']).optional(),
    q: z.string().max(200).optional(),
  }),
  answer: pageOf(PriceUpdate),
});

const UpdateId = z.string().min(1).max(100);
const updatesMax = 500;

export const acceptPriceUpdates = endpoint({
  operation: 'acceptPriceUpdates',
  method: 'POST',
  path: '/api/v1/admin/models/updates/accept',
  summary: 'Puts published prices, as they are or edited, into the price book.',
  body: z.strictObject({
    updates: z
      .array(z.strictObject({ id: UpdateId, price: z.strictObject(PriceTermsInput).optional() }))
      .min(1)
      .max(updatesMax),
  }),
  answer: z.object({ data: z.array(ModelPrice) }),
  idempotent: true,
  refusals: ['conflict', 'amount_out_of_range', 'rule_violated'],
  example: { updates: [{ id: 'pup_5d41402abc4b2a76b9719d911017c592' }] },
});

export const refusePriceUpdates = endpoint({
  operation: 'refusePriceUpdates',
  method: 'POST',
  path: '/api/v1/admin/models/updates/refuse',
  summary: 'Leaves prices as they are; exactly these differences are not shown again.',
  body: z.strictObject({ updates: z.array(UpdateId).min(1).max(updatesMax) }),
  status: 204,
  refusals: ['conflict'],
  example: { updates: ['pup_5d41402abc4b2a76b9719d911017c592'] },
});

export const PriceSimulation = PriceEffect.extend({
  model: z.string(),
  organizations: z
    .array(
      z.object({
        organization: z.string(),
        name: z.string(),
        calls: z.number().int(),
        before: Amount,
        after: Amount,
        difference: Amount,
      }),
    )
    .meta({ description: 'The twenty whose bills would differ most.' }),
}).meta({ id: 'PriceSimulation' });

export const simulateModelPrice = endpoint({
  operation: 'simulateModelPrice',
  method: 'POST',
  path: '/api/v1/admin/models/simulate',
  summary: 'What past calls of a model would have cost at other prices. Changes nothing.',
  body: z.strictObject({
    model: z.string().trim().min(1).max(200),
    ...PriceTermsInput,
    multiplier: MultiplierInput.optional().meta({
      description: 'Instead of those that the calls had.',
    }),
    moves_cost: z.boolean().optional().meta({
      description: 'The upstream changes its prices alike; otherwise costs stay as they were.',
    }),
    from: InstantInput.optional().meta({ description: '30 days ago where left out.' }),
    to: InstantInput.optional(),
  }),
  answer: PriceSimulation,
  refusals: ['amount_out_of_range', 'rule_violated', 'not_found', 'invalid_state'],
  example: { model: 'gpt-4o-mini', prices: { input: '0.20', output: '0.80' } },
});
