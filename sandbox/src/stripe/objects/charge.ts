/** Charges and their refunds as Stripe shows them. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';

const nobody = { address: null, email: null, name: null, phone: null, tax_id: null };

export interface ChargeDraft {
  intent: Stripe.PaymentIntent;
  amount: number;
  created: number;
  method: string;
  status: 'succeeded' | 'pending' | 'failed';
  failure: { code: string; message: string } | null;
}

export function draftCharge(draft: ChargeDraft): Stripe.Charge {
  const { intent, amount, status, failure } = draft;
  // Debits are called payments there, and named so.
  const prefix = intent.payment_method_types[0] === 'card' ? 'ch' : 'py';
  return {
    id: newId(prefix),
    object: 'charge',
    amount,
    amount_captured: status === 'failed' ? 0 : amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: nobody,
    calculated_statement_descriptor: 'SANDBOX',
    captured: status !== 'failed',
    created: draft.created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: draft.method,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  };
}

export interface RefundDraft {
  charge: Stripe.Charge;
  amount: number;
  created: number;
  reason: string | null;
  metadata: Record<string, string>;
  status: 'succeeded' | 'pending';
}

export function draftRefund(draft: RefundDraft): Stripe.Refund {
  const { charge, status } = draft;
  return {
    id: newId(charge.id.startsWith('py') ? 'pyr' : 're'),
    object: 'refund',
    amount: draft.amount,
    balance_transaction: null,
    charge: charge.id,
    created: draft.created,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: draft.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(status === 'pending' ? { pending_reason: 'processing' as const } : {}),
    reason: draft.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  };
}
