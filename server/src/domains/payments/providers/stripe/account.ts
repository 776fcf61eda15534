/** A connected account: what the parts of this provider share. */
import type Stripe from 'stripe';
import type { CollectedMoney } from '../../core/settlement.ts';
import type { StripeClient } from './client.ts';
import { collectedFromStripe } from './money.ts';
import type { StripeSettings } from './settings.ts';

export interface Account {
  readonly settings: StripeSettings;
  readonly merchant: string;
  /** Opened with the first call: most connections only verify. */
  client(): Promise<StripeClient>;
  /** The wall's clock, by which Stripe's terms go. */
  wall(): Date;
}

/** Under these names our numbers are in the metadata of whatever we make there. */
export const numberKey = 'sluice_number';
export const refundKey = 'sluice_refund';
export const numberForm = /^[0-9a-z]{24}$/;

/** Test and live objects of one account have nothing to do with each other. */
export function merchantOf({ account, isLive }: StripeSettings): string {
  return isLive ? account : `${account}:test`;
}

/** Our number in something's metadata; undefined where it is not of our making. */
export function numberIn(metadata: unknown, key: string = numberKey): string | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const value: unknown = (metadata as Record<string, unknown>)[key];
  return typeof value === 'string' && numberForm.test(value) ? value : undefined;
}

/** The id of what may have come expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string | undefined {
  return typeof reference === 'object' ? reference?.id : reference;
}

/** What was collected by an intent; undefined where that is no amount. */
export function moneyOf(
  account: Account,
  intent: Stripe.PaymentIntent,
  number: string,
): CollectedMoney | undefined {
  const amount = collectedFromStripe(intent.amount_received, intent.currency);
  const { merchant } = account;
  const payer = payerOf(intent.payment_method);
  return amount && { number, merchant, providerTransaction: intent.id, amount, ...payer };
}

/** The same card has the same fingerprint, whoever types its number. */
function payerOf(method: Stripe.PaymentIntent['payment_method']): { payer?: string } {
  if (typeof method !== 'object' || method === null) return {};
  const fingerprint = method.card?.fingerprint ?? method.us_bank_account?.fingerprint;
  return fingerprint ? { payer: fingerprint } : {};
}
