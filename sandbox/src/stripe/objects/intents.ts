/** Payment and setup intents as Stripe shows them. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';

export interface IntentDraft {
  amount: number;
  currency: string;
  created: number;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  method: string | null;
  types: string[];
  keeps: boolean;
}

export function draftIntent(draft: IntentDraft): Stripe.PaymentIntent {
  const id = newId('pi', 24);
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: draft.types,
    amount: draft.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: newId(`${id}_secret`, 25),
    confirmation_method: 'automatic',
    created: draft.created,
    currency: draft.currency,
    customer: draft.customer,
    customer_account: null,
    description: draft.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: draft.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: draft.method,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: draft.types,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: draft.keeps ? 'off_session' : null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: draft.method === null ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: null,
  };
}

export interface SetupDraft {
  created: number;
  customer: string | null;
  metadata: Record<string, string>;
  method: string | null;
  types: string[];
}

export function draftSetupIntent(draft: SetupDraft): Stripe.SetupIntent {
  const id = newId('seti', 24);
  return {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: draft.types,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: newId(`${id}_secret`, 25),
    created: draft.created,
    customer: draft.customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: draft.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: draft.method,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: draft.types,
    single_use_mandate: null,
    status: draft.method === null ? 'requires_payment_method' : 'requires_confirmation',
    usage: 'off_session',
  };
}
