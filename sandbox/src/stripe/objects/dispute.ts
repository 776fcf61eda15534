/** Disputes as Stripe shows them. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';

export interface DisputeDraft {
  charge: Stripe.Charge;
  amount: number;
  created: number;
  reason: string;
  status: 'needs_response' | 'warning_needs_response' | 'lost';
  /** Until when evidence is taken; null where there is nothing to say. */
  dueBy: number | null;
}

export function draftDispute(draft: DisputeDraft): Stripe.Dispute {
  const { charge, status } = draft;
  return {
    id: newId('du'),
    object: 'dispute',
    amount: draft.amount,
    balance_transactions: [],
    charge: charge.id,
    created: draft.created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: draft.dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: status === 'warning_needs_response',
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: draft.reason,
    status,
  };
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
