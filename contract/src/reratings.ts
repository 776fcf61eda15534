/** Calls of the past, rated again at another price: what was too much goes back to wallets. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { PriceTermsInput } from './catalog.ts';
import { Instant, InstantInput } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const figures = {
  calls: z.number().int(),
  billed: Amount,
  rerated: Amount.meta({
    description: 'What these calls cost at the price, with their multipliers.',
  }),
  given_back: Amount.meta({
    description:
      'Into the wallet: of each call that was too dear, at most what the wallet had paid.',
  }),
  not_given_back: Amount.meta({
    description: 'What was too much, and paid from allowances and grants.',
  }),
  too_little: Amount.meta({ description: 'Of calls that were too cheap. Nobody is asked for it.' }),
};

export const Rerating = z
  .object({
    id: z.string().nullable().meta({ description: 'Null for a dry run.' }),
    model: z.string(),
    from: Instant,
    to: Instant,
    settled_before: Instant.meta({
      description: 'Calls settled later keep what they were billed.',
    }),
    currency: Currency,
    ...figures,
    organizations: z.array(z.object({ organization: z.string(), ...figures })),
  })
  .meta({ id: 'Rerating' });

export const rerateModel = endpoint({
  operation: 'rerateModel',
  method: 'POST',
  path: '/api/v1/admin/models/rerate',
  summary:
    'Rates a model’s calls of a time again and gives back what was too much; once for the same time and price. A dry run unless told otherwise.',
  body: z.strictObject({
    model: z.string().trim().min(1).max(200),
    from: InstantInput,
    to: InstantInput,
    price: z.strictObject(PriceTermsInput),
    direction: z.enum(['credit_only']).default('credit_only'),
    dry_run: z.boolean().default(true),
  }),
  answer: Rerating,
  idempotent: true,
  refusals: ['amount_out_of_range', 'rule_violated', 'conflict', 'invalid_state'],
});
