/** Resellers: organizations that earn a share of what the customers pay whom they bring. */
import { z } from 'zod';
import { Amount, Currency, decimalInput } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { referralReasons, referralStates } from './growth.ts';

const shareMax = 0.5;

const Share = z
  .string()
  .meta({ id: 'CommissionShare', example: '0.1', description: 'Of what is paid: 0.1 is a tenth.' });

const ShareInput = decimalInput('share')
  .refine((text) => (text.split('.')[1] ?? '').length <= 6, 'Use at most 6 decimals.')
  .refine(
    (text) => Number(text) > 0 && Number(text) <= shareMax,
    `Use a share above 0 and at most ${shareMax}.`,
  )
  .meta({ description: 'Decimal string or JSON number above 0 and at most 0.5.' });

function whole(min: number, max: number) {
  const error = `Write a whole number from ${min} to ${max}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const monthsText = 'Of a customer’s signing up: for so long their payments bring a commission.';
const waitingText = 'For so long a payment must stay: the time in which it may be refunded.';

const Reseller = z
  .object({
    organization: z.string(),
    share: Share,
    months: z.number().int().meta({ description: monthsText }),
    waiting_days: z.number().int().meta({ description: waitingText }),
    status: z.enum(['active', 'ended']).meta({
      description: 'Ended: new payments bring nothing more; what was earned stays.',
    }),
    since: Instant,
    customers: z.number().int(),
    paid: Amount.meta({ description: 'What these customers paid in that time, and kept.' }),
    pending: Amount.meta({ description: 'What is earned if it stays as it is.' }),
    earned: Amount.meta({ description: 'Given as credit, less what was taken back.' }),
    currency: Currency,
  })
  .meta({ id: 'Reseller' });

const commissionFields = {
  id: z.string(),
  state: z.enum(referralStates),
  reason: z.enum(referralReasons).nullable().meta({
    description: 'Why it is refused or taken back; of a pending one, what it waits for besides.',
  }),
  paid: Amount.meta({ description: 'In the usage currency, at the rate of that day.' }),
  kept: Amount.meta({ description: 'What of it did not go back.' }),
  share: Share,
  amount: Amount.meta({ description: 'Given as credit so far, less what was taken back.' }),
  currency: Currency,
  paid_at: Instant,
  due_at: Instant.nullable(),
};

export const getResale = endpoint({
  operation: 'getResale',
  method: 'GET',
  path: '/api/v1/resale',
  summary:
    'The organization’s own terms as a reseller and what it has earned; null for all others.',
  answer: z.object({ reseller: Reseller.nullable() }),
});

export const listCommissions = endpoint({
  operation: 'listCommissions',
  method: 'GET',
  path: '/api/v1/resale/commissions',
  summary: 'The organization’s own commissions, one for each payment, the newest first.',
  query: PageQuery,
  answer: pageOf(
    z
      .object({
        ...commissionFields,
        who: z.string().meta({ description: 'The customer’s mail address, masked.' }),
      })
      .meta({ id: 'Commission' }),
  ),
});

export const searchResellers = endpoint({
  operation: 'searchResellers',
  method: 'GET',
  path: '/api/v1/admin/resellers',
  summary: 'All resellers with what they bring and earn.',
  query: PageQuery,
  answer: pageOf(Reseller),
});

export const setReseller = endpoint({
  operation: 'setReseller',
  method: 'PUT',
  path: '/api/v1/admin/organizations/{id}/reseller',
  summary:
    'Makes an organization a reseller, or changes its terms for payments from now on. Whoever signs up by its invite code from now on is its customer, and no referral.',
  params: IdParams,
  body: z.strictObject({
    share: ShareInput,
    months: whole(1, 120).meta({ description: monthsText }),
    waiting_days: whole(1, 365).meta({ description: waitingText }),
  }),
  answer: Reseller,
  refusals: ['not_found'],
  example: { share: '0.1', months: 12, waiting_days: 30 },
});

export const endReseller = endpoint({
  operation: 'endReseller',
  method: 'DELETE',
  path: '/api/v1/admin/organizations/{id}/reseller',
  summary: 'Ends it: new payments bring nothing more, what is waiting is still earned.',
  params: IdParams,
  answer: Reseller,
  refusals: ['not_found'],
});

export const searchCommissions = endpoint({
  operation: 'searchCommissions',
  method: 'GET',
  path: '/api/v1/admin/commissions',
  summary: 'Commissions of all resellers, the newest first.',
  query: PageQuery.extend({
    state: z.enum(referralStates).optional(),
    organization: z.string().max(100).optional().meta({ description: 'Reseller or customer.' }),
  }),
  answer: pageOf(
    z
      .object({ ...commissionFields, reseller: z.string(), customer: z.string() })
      .meta({ id: 'AdminCommission' }),
  ),
});
