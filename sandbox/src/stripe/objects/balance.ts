/** What moves the merchant's balance, as Stripe shows it. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';

export interface TransactionDraft {
  type: string;
  category: string;
  amount: number;
  fee: number;
  currency: string;
  created: number;
  source: string;
  description: string | null;
}

const daysUntilAvailable = 2;

export function draftTransaction(draft: TransactionDraft): Stripe.BalanceTransaction {
  const { fee, amount, currency } = draft;
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: draft.created + daysUntilAvailable * 86_400,
    balance_type: 'payments',
    created: draft.created,
    currency,
    description: draft.description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [{ amount: fee, application: null, currency, description: null, type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: draft.category,
    source: draft.source,
    status: 'pending',
    type: draft.type,
  };
}

/** 2.9 % and 30 cents for a card, 0.8 % and at most 5 for a debit, in whole units of the currency. */
export function feeOf(amount: number, kind: 'card' | 'bank'): number {
  if (kind === 'bank') return Math.min(500, Math.round((amount * 8) / 1_000));
  return Math.min(amount, Math.round((amount * 29) / 1_000) + 30);
}
