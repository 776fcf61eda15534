/**
 * Reads orders and captures. Approved is not paid: only a capture is money.
 * https://developer.paypal.com/docs/api/orders/v2/
 */
import { z } from 'zod';
import type { CollectedMoney } from '../../core/settlement.ts';
import type { FindOutcome, SavedMethod } from '../../provider.ts';
import { readAmount } from './money.ts';
import { labelOf } from './vaulted.ts';

export const Amount = z.object({ currency_code: z.string(), value: z.string() });
const Id = z.string().regex(/^[\w-]{1,64}$/);

export const Capture = z.object({
  id: Id,
  status: z.string(),
  amount: Amount,
  custom_id: z.string().optional(),
  invoice_id: z.string().optional(),
  supplementary_data: z
    .object({ related_ids: z.object({ order_id: Id.optional() }).optional() })
    .optional(),
});

export const Refund = z.object({
  id: Id,
  status: z.string(),
  amount: Amount,
  custom_id: z.string().optional(),
  invoice_id: z.string().optional(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).optional(),
});

const Unit = z.object({
  custom_id: z.string().optional(),
  amount: Amount.optional(),
  payments: z
    .object({ captures: z.array(Capture).optional(), refunds: z.array(Refund).optional() })
    .optional(),
});

const Vault = z.object({
  id: Id.optional(),
  status: z.string().optional(),
  customer: z.object({ id: Id.optional() }).optional(),
});

const Wallet = z.object({
  email_address: z.string().optional(),
  account_id: z.string().min(1).max(64).optional(),
  attributes: z.object({ vault: Vault.optional() }).optional(),
});

export const PaypalOrder = z.object({
  id: Id,
  status: z.string(),
  purchase_units: z.array(Unit).optional(),
  payment_source: z.object({ paypal: Wallet.optional() }).optional(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).optional(),
});

export type PaypalOrder = z.output<typeof PaypalOrder>;
export type Capture = z.output<typeof Capture>;

export interface Expected {
  number: string;
  merchant: string;
}

export type OrderState = FindOutcome | { status: 'approved' };

/** What an order says. One that is not the order of our number says nothing. */
export function stateOf(order: PaypalOrder, expected: Expected): OrderState {
  const [unit, ...others] = order.purchase_units ?? [];
  const [capture, ...further] = unit?.payments?.captures ?? [];
  const number = unit?.custom_id ?? capture?.custom_id;
  // We make orders of one unit, and PayPal captures such an order once.
  if (number !== expected.number || others.length > 0 || further.length > 0) {
    return { status: 'unknown' };
  }
  if (capture) {
    const payer = order.payment_source?.paypal?.account_id;
    return stateOfCapture(capture, { ...expected, ...(payer && { payer }) }, savedMethodOf(order));
  }
  if (order.status === 'APPROVED') return { status: 'approved' };
  if (order.status === 'VOIDED') return { status: 'declined', code: 'canceled_by_payer' };
  const isWaiting = ['CREATED', 'SAVED', 'PAYER_ACTION_REQUIRED'].includes(order.status);
  return { status: isWaiting ? 'pending' : 'unknown' };
}

/** What a capture of ours says. What was refunded later was collected all the same. */
export function stateOfCapture(
  capture: Capture,
  expected: Expected & { payer?: string },
  method?: SavedMethod,
): FindOutcome {
  const { id, status, custom_id } = capture;
  if (custom_id !== undefined && custom_id !== expected.number) return { status: 'unknown' };
  if (status === 'PENDING') return { status: 'processing' };
  if (status === 'DECLINED' || status === 'FAILED') {
    return { status: 'declined', code: 'card_declined' };
  }
  const amount = readAmount(capture.amount);
  if (!['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(status) || !amount) {
    return { status: 'unknown' };
  }
  const money: CollectedMoney = { ...expected, providerTransaction: id, amount };
  return { status: 'succeeded', money, ...(method ? { method } : {}) };
}

function savedMethodOf({ payment_source }: PaypalOrder): SavedMethod | undefined {
  const wallet = payment_source?.paypal;
  const vault = wallet?.attributes?.vault;
  if (vault?.status !== 'VAULTED' || vault.id === undefined) return undefined;
  return {
    reference: vault.id,
    customer: vault.customer?.id ?? null,
    kind: 'account',
    label: labelOf(wallet?.email_address),
    expires: null,
  };
}
