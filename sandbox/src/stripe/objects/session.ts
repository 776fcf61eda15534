/** A Checkout session as Stripe shows it; the SDK's types say what there has to be. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';

export interface SessionDraft {
  mode: 'payment' | 'setup';
  amount: number | null;
  currency: string | null;
  created: number;
  expiresAt: number;
  reference: string | null;
  customer: string | null;
  customerCreation: 'always' | 'if_required' | null;
  email: string | null;
  metadata: Record<string, string>;
  types: string[];
  locale: string | null;
  successUrl: string;
  cancelUrl: string | null;
  /** Where its page is, without its name. */
  pageUrl: string;
}

export function draftSession(draft: SessionDraft): Stripe.Checkout.Session {
  const id = newId('cs_test', 58);
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: draft.types,
    amount_subtotal: draft.amount,
    amount_total: draft.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: draft.cancelUrl,
    client_reference_id: draft.reference,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: draft.created,
    currency: draft.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: draft.customer,
    customer_account: null,
    customer_creation: draft.customerCreation,
    customer_details: null,
    customer_email: draft.email,
    discounts: [],
    expires_at: draft.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: draft.locale,
    managed_payments: null,
    metadata: draft.metadata,
    mode: draft.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: draft.types,
    payment_status: draft.mode === 'setup' ? 'no_payment_required' : 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: draft.successUrl,
    total_details:
      draft.mode === 'setup' ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${draft.pageUrl}/${id}`,
    wallet_options: null,
  };
}
