/** A card or bank account that Stripe keeps: how its payer knows it, and whether it is still there. */
import type Stripe from 'stripe';
import type { MethodOutcome, SavedMethod } from '../../provider.ts';
import { type Account, idOf } from './account.ts';
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

/** How a method stands at Stripe; one that belongs to no customer can be charged no more. */
export async function findMethod(account: Account, reference: string): Promise<MethodOutcome> {
  try {
    const { sdk } = await account.client();
    const method = await sdk.paymentMethods.retrieve(reference);
    if (method.customer === null) return { status: 'removed' };
    const saved = describeMethod(method, idOf(method.customer));
    return saved ? { status: 'stored', method: saved } : { status: 'unknown' };
  } catch (error) {
    const failure = readFailure(error);
    const isMissing = failure.kind === 'refused' && failure.code === 'resource_missing';
    return { status: isMissing ? 'removed' : 'unknown' };
  }
}

/** Whether a method can be charged no more. */
export async function isGone(account: Account, reference: string): Promise<'removed' | 'unknown'> {
  const { status } = await findMethod(account, reference);
  return status === 'removed' ? 'removed' : 'unknown';
}
