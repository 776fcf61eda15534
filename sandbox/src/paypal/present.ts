/** Orders, captures, refunds and tokens as the vendor's API shows them. */
import type { CaptureRecord, OrderRecord, RefundRecord, SetupRecord, TokenRecord } from './book.ts';
import { amountOf, unitsOf } from './money.ts';

/** The one payer of this sandbox. */
export const buyer = {
  email_address: 'buyer@personal.example.com',
  payer_id: 'QYR5Z8XDVJNXQ',
  name: { given_name: 'Jane', surname: 'Buyer' },
};
export const merchant = {
  email_address: 'shop@business.example.com',
  merchant_id: 'C7CYMKZDG8D6E',
};

/** Where its addresses lead. */
export interface Urls {
  api: string;
  site: string;
}

export function presentOrder(order: OrderRecord, urls: Urls) {
  const isApproved = order.status === 'APPROVED' || order.status === 'COMPLETED';
  return {
    id: order.id,
    intent: 'CAPTURE',
    status: order.status,
    payment_source: { paypal: isApproved ? presentWallet(order, urls) : {} },
    purchase_units: [
      {
        reference_id: 'default',
        amount: order.amount,
        payee: merchant,
        description: order.description,
        custom_id: order.number,
        ...(order.invoice_id === null ? {} : { invoice_id: order.invoice_id }),
        ...(order.capture ? { payments: presentPayments(order, order.capture, urls) } : {}),
      },
    ],
    ...(isApproved ? { payer: { ...buyer, address: { country_code: 'US' } } } : {}),
    create_time: order.created_at,
    ...(order.status === 'COMPLETED' ? { update_time: order.updated_at } : {}),
    links: orderLinks(order, urls),
  };
}

export function orderLinks({ id, status, by }: OrderRecord, { api, site }: Urls) {
  const self = `${api}/v2/checkout/orders/${id}`;
  const links = [{ href: self, rel: 'self', method: 'GET' }];
  if (status === 'CREATED' || status === 'PAYER_ACTION_REQUIRED') {
    const rel = status === 'CREATED' ? 'approve' : 'payer-action';
    links.push({ href: `${site}/checkoutnow?token=${id}`, rel, method: 'GET' });
  }
  if (status === 'APPROVED' && by === 'page') {
    links.push({ href: `${self}/capture`, rel: 'capture', method: 'POST' });
  }
  return links;
}

function presentWallet({ kept, keeps_for }: OrderRecord, { api }: Urls) {
  const { email_address, payer_id, name } = buyer;
  return {
    email_address,
    account_id: payer_id,
    account_status: 'VERIFIED',
    name,
    address: { country_code: 'US' },
    ...(kept === null || keeps_for === null
      ? {}
      : {
          attributes: {
            vault: {
              id: kept,
              status: 'VAULTED',
              customer: { id: keeps_for },
              links: tokenLinks(kept, api),
            },
          },
        }),
  };
}

function presentPayments(order: OrderRecord, capture: CaptureRecord, urls: Urls) {
  const refunds = order.refunds.map((refund) => presentRefund(refund, order, urls));
  return {
    captures: [presentCapture(capture, order, urls)],
    ...(refunds.length === 0 ? {} : { refunds }),
  };
}

export function presentCapture(capture: CaptureRecord, order: OrderRecord, { api }: Urls) {
  const { id, amount, fee, at } = capture;
  const net = unitsOf(amount) - unitsOf(fee);
  const self = `${api}/v2/payments/captures/${id}`;
  return {
    id,
    status: statusOf(capture, order),
    ...(capture.status === 'PENDING' ? { status_details: { reason: 'PENDING_REVIEW' } } : {}),
    amount,
    ...(order.invoice_id === null ? {} : { invoice_id: order.invoice_id }),
    custom_id: order.number,
    final_capture: true,
    seller_protection: {
      status: 'ELIGIBLE',
      dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'],
    },
    ...(capture.status === 'COMPLETED'
      ? {
          seller_receivable_breakdown: {
            gross_amount: amount,
            paypal_fee: fee,
            net_amount: amountOf(net, amount.currency_code),
          },
        }
      : {}),
    create_time: at,
    update_time: at,
    links: [
      { href: self, rel: 'self', method: 'GET' },
      { href: `${self}/refund`, rel: 'refund', method: 'POST' },
      { href: `${api}/v2/checkout/orders/${order.id}`, rel: 'up', method: 'GET' },
    ],
  };
}

/** As the payments API and notifications have it: with the order that it belongs to. */
export function presentCaptureAlone(capture: CaptureRecord, order: OrderRecord, urls: Urls) {
  return {
    ...presentCapture(capture, order, urls),
    supplementary_data: { related_ids: { order_id: order.id } },
    payee: merchant,
  };
}

function statusOf(capture: CaptureRecord, order: OrderRecord): string {
  const refunded = refundedUnits(order);
  if (capture.status !== 'COMPLETED' || refunded === 0n) return capture.status;
  return refunded < unitsOf(capture.amount) ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}

export function refundedUnits({ refunds }: OrderRecord): bigint {
  return refunds
    .filter(({ status }) => status !== 'FAILED')
    .reduce((sum, { amount }) => sum + unitsOf(amount), 0n);
}

export function presentRefund(refund: RefundRecord, order: OrderRecord, { api }: Urls) {
  const { id, status, amount, invoice_id, custom_id, note, at } = refund;
  const { currency_code } = amount;
  return {
    id,
    status,
    ...(status === 'PENDING' ? { status_details: { reason: 'ECHECK' } } : {}),
    amount,
    ...(invoice_id === null ? {} : { invoice_id }),
    ...(custom_id === null ? {} : { custom_id }),
    ...(note === null ? {} : { note_to_payer: note }),
    seller_payable_breakdown: {
      gross_amount: amount,
      paypal_fee: amountOf(0n, currency_code),
      net_amount: amount,
      total_refunded_amount: amountOf(refundedUnits(order), currency_code),
    },
    create_time: at,
    update_time: at,
    links: [
      { href: `${api}/v2/payments/refunds/${id}`, rel: 'self', method: 'GET' },
      { href: `${api}/v2/payments/captures/${order.capture?.id}`, rel: 'up', method: 'GET' },
    ],
  };
}

export function presentToken({ id, customer }: TokenRecord, { api }: Urls) {
  return {
    id,
    customer: { id: customer },
    payment_source: { paypal: { usage_type: 'MERCHANT', ...buyer, account_id: buyer.payer_id } },
    links: tokenLinks(id, api),
  };
}

function tokenLinks(id: string, api: string) {
  const self = `${api}/v3/vault/payment-tokens/${id}`;
  return [
    { href: self, rel: 'self', method: 'GET' },
    { href: self, rel: 'delete', method: 'DELETE' },
  ];
}

export function presentSetup(setup: SetupRecord, { api, site }: Urls) {
  const { id, customer, merchant_customer, status } = setup;
  const self = { href: `${api}/v3/vault/setup-tokens/${id}`, rel: 'self', method: 'GET' };
  const isOpen = status === 'PAYER_ACTION_REQUIRED';
  const next = isOpen
    ? {
        href: `${site}/agreements/approve?approval_session_id=${id}`,
        rel: 'approve',
        method: 'GET',
      }
    : { href: `${api}/v3/vault/payment-tokens`, rel: 'confirm', method: 'POST' };
  return {
    id,
    status,
    customer: {
      id: customer,
      ...(merchant_customer === null ? {} : { merchant_customer_id: merchant_customer }),
    },
    payment_source: {
      paypal: {
        usage_type: 'MERCHANT',
        ...(isOpen ? {} : { ...buyer, account_id: buyer.payer_id }),
      },
    },
    links: [self, next],
  };
}
