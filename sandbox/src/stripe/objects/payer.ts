/** Customers and their methods as Stripe shows them. */
import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Instrument } from '../instruments.ts';

export function draftCustomer(draft: {
  created: number;
  email: string | null;
  name: string | null;
  metadata: Record<string, string>;
}): Stripe.Customer {
  return {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: draft.created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: draft.email,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: draft.metadata,
    name: draft.name,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

export function draftMethod(draft: {
  instrument: Instrument;
  created: number;
  customer: string | null;
}): Stripe.PaymentMethod {
  const { instrument } = draft;
  const common = {
    id: newId('pm'),
    object: 'payment_method',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created: draft.created,
    customer: draft.customer,
    customer_account: null,
    livemode: false,
    metadata: {},
  } as const;
  return instrument.kind === 'card'
    ? { ...common, type: 'card', card: draftCard(instrument, draft.created) }
    : { ...common, type: 'us_bank_account', us_bank_account: draftBank(instrument) };
}

function draftCard({ brand, number }: Instrument, created: number): Stripe.PaymentMethod.Card {
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: brand,
    exp_month: 4,
    exp_year: new Date(created * 1_000).getUTCFullYear() + 3,
    fingerprint: `card${number.slice(-12)}`,
    funding: 'credit',
    generated_from: null,
    last4: number.slice(-4),
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

function draftBank({ number }: Instrument): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: 'company',
    account_type: 'checking',
    bank_name: 'STRIPE TEST BANK',
    financial_connections_account: null,
    fingerprint: `bank${number.slice(-9)}`,
    last4: number.slice(-4),
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: '110000000',
    status_details: null,
  };
}
