/** The wallet, as the ledger sees it. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Instant, PageQuery, pageOf } from './conventions.ts';
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
