/** What members and cost centers of an organization may spend by day, by month and in all. */
import { z } from 'zod';
import { Amount, AmountNotNegative, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const Cap = z
  .object({
    limit: Amount,
    used: Amount,
    reserved: Amount.meta({ description: 'Held by calls in flight.' }),
    remaining: Amount,
    resets_at: Instant.nullable().meta({ description: 'Null for the whole time.' }),
  })
  .nullable()
  .meta({ description: 'Null: no cap.' });

const SubjectKind = z.enum(['member', 'cost_center']);

export const SpendCapsOf = z
  .object({
    subject: z.object({ kind: SubjectKind, id: z.string() }),
    name: z.string().meta({ description: 'The member’s name, or the cost center’s.' }),
    detail: z
      .string()
      .meta({ description: 'The member’s mail address, or the cost center’s code.' }),
    cost_center: z.string().nullable().meta({ description: 'Of a member.' }),
    currency: Currency,
    day: Cap,
    month: Cap,
    total: Cap,
  })
  .meta({ id: 'SpendCapsOf' });

export const listSpendCaps = endpoint({
  operation: 'listSpendCaps',
  method: 'GET',
  path: '/api/v1/organizations/{id}/spend-caps',
  summary:
    'Members, or cost centers, of the acting organization with what they may spend and have spent.',
  params: IdParams,
  query: PageQuery.extend({ kind: SubjectKind.default('member') }),
  answer: pageOf(SpendCapsOf),
});

export const setSpendCaps = endpoint({
  operation: 'setSpendCaps',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/spend-caps',
  summary:
    'Sets what a member may spend with all their keys together, or what may be booked under a cost center, from the next call on; what is left out stays, null takes a cap away.',
  params: IdParams,
  body: z.strictObject({
    subject: z.strictObject({ kind: SubjectKind, id: z.string().min(1).max(100) }),
    day: AmountNotNegative.nullable().optional(),
    month: AmountNotNegative.nullable().optional(),
    total: AmountNotNegative.nullable().optional(),
  }),
  status: 204,
  refusals: ['amount_out_of_range'],
  example: {
    subject: { kind: 'cost_center', id: 'cct_01jd2m3z9k5q8w7x6v4t3r2s1p' },
    month: '500',
  },
});
