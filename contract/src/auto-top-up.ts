/** A wallet that refills itself from a stored payment method. */
import { z } from 'zod';
import { Amount, AmountNotNegative, AmountPositive, Currency } from './amounts.ts';
import { Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { DeclineCode } from './payments.ts';

export const AutoTopUp = z
  .object({
    enabled: z.boolean(),
    currency: Currency.meta({ description: 'The wallet’s.' }),
    below: Amount.nullable().meta({ description: 'It refills when less than this is available.' }),
    amount: Amount.nullable().meta({ description: 'What each refill brings.' }),
    monthly_limit: Amount.nullable().meta({
      description: 'What refills may come to in a calendar month of the organization’s zone.',
    }),
    payment_method: z.string().nullable(),
    this_month: Amount.meta({ description: 'What refills came to this month.' }),
    limit_reached: z
      .boolean()
      .meta({ description: 'Whether another refill would exceed the limit of this month.' }),
    under_way: z.boolean().meta({ description: 'Whether a refill is being charged.' }),
    switched_off: z
      .object({ reason: DeclineCode, at: Instant })
      .nullable()
      .meta({ description: 'Why it switched itself off, until it is set again.' }),
  })
  .meta({ id: 'AutoTopUp' });

export const getAutoTopUp = endpoint({
  operation: 'getAutoTopUp',
  method: 'GET',
  path: '/api/v1/billing/wallet/auto-top-up',
  summary: 'When and by how much the wallet refills itself.',
  answer: AutoTopUp,
});

export const setAutoTopUp = endpoint({
  operation: 'setAutoTopUp',
  method: 'PUT',
  path: '/api/v1/billing/wallet/auto-top-up',
  summary:
    'Lets the wallet refill itself: below an amount, by an amount, at most so much a month, from a stored method.',
  body: z.strictObject({
    enabled: z.boolean(),
    below: AmountNotNegative,
    amount: AmountPositive,
    monthly_limit: AmountPositive,
    payment_method: z.string().min(1).max(100),
  }),
  answer: AutoTopUp,
  refusals: [
    'amount_out_of_range',
    'currency_unsupported',
    'provider_unavailable',
    'rule_violated',
    'organization_suspended',
  ],
  example: {
    enabled: true,
    below: '5.00',
    amount: '20.00',
    monthly_limit: '100.00',
    payment_method: 'pm_01',
  },
});
