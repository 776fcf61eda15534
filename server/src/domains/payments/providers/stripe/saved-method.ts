/** A card or bank account that Stripe keeps: how its payer knows it, and whether it is still there. */
import type Stripe from 'stripe';
import type { SavedMethod } from '../../provider.ts';
import type { Account } from './account.ts';
import { readFailure } from './failures.ts';

/** What a payer knows their method by; undefined for kinds that we did not ask for. */
export function describeMethod(
  method: Stripe.PaymentMethod | string | null,
  customer: string | undefined,
): SavedMethod | undefined {
  if (typeof method !== 'object' || method === null || customer === undefined) return undefined;
  const { card, us_bank_account: bank } = method;
  if (card) {
    const expires = `${card.exp_year}-${String(card.exp_month).padStart(2, '0')}`;
    const label = `${brandOf(card.brand)} •••• ${card.last4}`;
    return { reference: method.id, customer, kind: 'card', label, expires };
  }
  if (!bank) return undefined;
  const label = `${bank.bank_name ?? 'ACH'} •••• ${bank.last4 ?? ''}`.trim();
  return { reference: method.id, customer, kind: 'bank_account', label, expires: null };
}

const brands: Readonly<Record<string, string>> = {
  ...{ amex: 'American Express', cartes_bancaires: 'Cartes Bancaires', diners: 'Diners Club' },
  ...{ discover: 'Discover', eftpos_au: 'Eftpos', jcb: 'JCB', mastercard: 'Mastercard' },
  ...{ unionpay: 'UnionPay', visa: 'Visa' },
};

function brandOf(brand: string): string {
  return brands[brand] ?? 'Card';
}

/** Whether a method can be charged no more. */
export async function isGone(account: Account, reference: string): Promise<'removed' | 'unknown'> {
  try {
    const { sdk } = await account.client();
    const method = await sdk.paymentMethods.retrieve(reference);
    return method.customer === null ? 'removed' : 'unknown';
  } catch (error) {
    const failure = readFailure(error);
    const isMissing = failure.kind === 'refused' && failure.code === 'resource_missing';
    return isMissing ? 'removed' : 'unknown';
  }
}
