/** The wallet, as the ledger sees it. */
import { z } from 'zod';
import { Amount, AmountNotNegative, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Wallet = z
  .object({
    balance: Amount.meta({ description: 'What is in the wallet, held amounts included.' }),
    held: Amount.meta({ description: 'Held for calls in flight.' }),
    available: Amount,
    owed: Amount.meta({ description: 'Shortfall of earlier calls, paid first by the next one.' }),
    currency: Currency,
    grants: z.array(
      z.object({
        id: z.string(),
        available: Amount,
        priority: z.number().int(),
        expires_at: Instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Wallet' });

export const WalletTransaction = z
  .object({
    id: z.string(),
    kind: z
      .string()
      .meta({ description: 'What moved it: top_up, usage, shortfall, adjustment, …' }),
    amount: Amount.meta({ description: 'Positive into the wallet, negative out of it.' }),
    currency: Currency,
    reference: z.string().meta({ description: 'The call, invoice or payment behind it.' }),
    created_at: Instant,
  })
  .meta({ id: 'WalletTransaction' });

export const getWallet = endpoint({
  operation: 'getWallet',
  method: 'GET',
  path: '/api/v1/billing/wallet',
  summary: 'Balance, holds and credit grants.',
  answer: Wallet,
});

export const listWalletTransactions = endpoint({
  operation: 'listWalletTransactions',
  method: 'GET',
  path: '/api/v1/billing/wallet/transactions',
  summary: 'Ledger lines of the wallet, newest first.',
  query: PageQuery,
  answer: pageOf(WalletTransaction),
});

const RecurrenceUnit = z.enum(['day', 'week', 'month', 'year']);

export const Grant = z
  .object({
    id: z.string(),
    amount: Amount.meta({ description: 'Of each period, where it recurs.' }),
    currency: Currency,
    balance: Amount.meta({ description: 'What is left of it now, held amounts included.' }),
    priority: z.number().int().meta({ description: 'Lower is spent first.' }),
    note: z.string().nullable(),
    starts_at: Instant,
    expires_at: Instant.nullable(),
    recurrence: z
      .object({
        interval: RecurrenceUnit,
        interval_count: z.number().int(),
        rollover_max: Amount.meta({
          description: 'The most that is carried into the next period.',
        }),
      })
      .nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Grant' });

export const listGrants = endpoint({
  operation: 'listGrants',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/grants',
  summary: 'Credit that an organization was given, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(Grant),
});

export const giveGrant = endpoint({
  operation: 'giveGrant',
  method: 'POST',
  path: '/api/v1/admin/organizations/{id}/grants',
  summary:
    'Gives credit, spent after allowances and before the wallet: once, or anew for each period. What is left when it ends expires.',
  params: IdParams,
  body: z.strictObject({
    amount: AmountPositive,
    currency: Currency.optional(),
    priority: z.number().int().min(-1000).max(1000).optional(),
    expires_at: InstantInput.nullable().optional(),
    note: z.string().trim().min(1).max(500).optional(),
    recurrence: z
      .strictObject({
        interval: RecurrenceUnit,
        interval_count: z.number().int().min(1).max(999).optional(),
        rollover_max: AmountNotNegative.optional(),
      })
      .optional(),
  }),
  answer: Grant,
  status: 201,
  idempotent: true,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'rule_violated'],
  example: {
    amount: '20.00',
    expires_at: '2027-01-01T00:00:00Z',
    note: 'Sorry for the outage of Tuesday',
  },
});
