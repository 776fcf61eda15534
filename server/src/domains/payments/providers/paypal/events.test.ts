import { describe, expect, it } from 'vitest';
import { translateEvent } from './events.ts';

const number = 'abcdefghijklmnopqrstuvwx';
const refundNumber = 'refund0000000000000000ab';
const amount = { currency_code: 'USD', value: '20.00' };
const capture = {
  id: '02335565G34798738',
  status: 'COMPLETED',
  amount,
  custom_id: number,
  invoice_id: number,
  supplementary_data: { related_ids: { order_id: '1W5313654M9708630' } },
};
const refund = {
  id: '55105082X5896632E',
  status: 'COMPLETED',
  amount,
  custom_id: number,
  invoice_id: refundNumber,
  links: [
    { rel: 'self', href: 'https://api.paypal.com/v2/payments/refunds/55105082X5896632E' },
    { rel: 'up', href: 'https://api.paypal.com/v2/payments/captures/02335565G34798738' },
  ],
};
const dispute = {
  dispute_id: 'PP-R-ABC-123456789',
  status: 'WAITING_FOR_SELLER_RESPONSE',
  reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
  dispute_amount: amount,
  disputed_transactions: [{ seller_transaction_id: capture.id, custom: number }],
  seller_response_due_date: '2026-04-10T00:00:00.000Z',
};
const translate = (event_type: string, resource: unknown) =>
  translateEvent({ event_type, resource }, 'merchant');

describe('translateEvent', () => {
  it('takes a completed capture for money, under the order that it belongs to', () => {
    expect(translate('PAYMENT.CAPTURE.COMPLETED', capture)).toEqual({
      kind: 'collected',
      money: {
        ...{ number, merchant: 'merchant', providerTransaction: capture.id },
        amount: { minor: 2000n, currency: 'USD' },
      },
      reference: '1W5313654M9708630',
    });
  });

  it('takes an approval for no money', () => {
    const order = {
      id: '9JL52742K01513702',
      status: 'APPROVED',
      purchase_units: [{ custom_id: number, amount }],
    };
    expect(translate('CHECKOUT.ORDER.APPROVED', order)).toEqual({
      ...{ kind: 'changed', number, reference: order.id },
    });
  });

  it.each(['PENDING', 'DENIED', 'DECLINED', 'REVERSED'])(
    'asks after a capture that is %s',
    (to) => {
      expect(translate(`PAYMENT.CAPTURE.${to}`, { ...capture, status: to })).toEqual({
        ...{ kind: 'changed', number, reference: '1W5313654M9708630' },
      });
    },
  );

  it('knows our refund by its own number, and its payment', () => {
    expect(translate('PAYMENT.CAPTURE.REFUNDED', refund)).toEqual({
      kind: 'refund',
      refund: {
        ...{ number: refundNumber, reference: refund.id, status: 'succeeded' },
        payment: { number, providerTransaction: capture.id },
        amount: { minor: 2000n, currency: 'USD' },
      },
    });
  });

  it.each([
    ['with the names of its payment', { invoice_id: number }],
    ['without a name', { invoice_id: undefined }],
  ])('knows a refund made at PayPal %s for none of ours', (_how, changes) => {
    expect(translate('PAYMENT.CAPTURE.REFUNDED', { ...refund, ...changes })).toMatchObject({
      refund: { number: null, payment: { number, providerTransaction: capture.id } },
    });
  });

  it.each([
    ['PENDING', 'pending'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'failed'],
  ])('says of a refund that is %s that it is %s', (status, said) => {
    expect(translate('PAYMENT.REFUND.PENDING', { ...refund, status })).toMatchObject({
      refund: { status: said },
    });
  });

  it.each<[string, object, string, boolean]>([
    ['a claim', {}, 'needs_response', false],
    ['an inquiry', { status: 'OPEN' }, 'needs_response', false],
    [
      'one that the buyer has to answer',
      { status: 'WAITING_FOR_BUYER_RESPONSE' },
      'under_review',
      false,
    ],
    ['one that PayPal looks into', { status: 'UNDER_REVIEW' }, 'under_review', false],
    ['a lost one', resolved('RESOLVED_BUYER_FAVOUR'), 'lost', true],
    ['one that we gave in to', resolved('ACCEPTED'), 'lost', true],
    ['a won one', resolved('RESOLVED_SELLER_FAVOUR'), 'won', false],
    ['one that PayPal pays for', resolved('RESOLVED_WITH_PAYOUT'), 'won', false],
    ['one that the buyer took back', resolved('CANCELED_BY_BUYER'), 'won', false],
    ['one whose money was held', { money_movements: [movement('DEBIT')] }, 'needs_response', true],
    [
      'one whose money came back',
      {
        ...resolved('RESOLVED_SELLER_FAVOUR'),
        money_movements: [movement('DEBIT'), movement('CREDIT')],
      },
      'won',
      false,
    ],
  ])('says how a dispute stands: %s', (_what, changes, status, isWithdrawn) => {
    expect(translate('CUSTOMER.DISPUTE.UPDATED', { ...dispute, ...changes })).toMatchObject({
      kind: 'dispute',
      dispute: {
        ...{ reference: dispute.dispute_id, status, isWithdrawn },
        payment: { number, providerTransaction: capture.id },
        amount: { minor: 2000n, currency: 'USD' },
        respondBy: new Date('2026-04-10T00:00:00Z'),
      },
    });
  });

  it('knows a method that is gone', () => {
    expect(translate('VAULT.PAYMENT-TOKEN.DELETED', { id: '8kk8451t' })).toEqual({
      kind: 'method_removed',
      reference: '8kk8451t',
    });
  });

  it.each(['0.00', '-20.00', '1e3', '10.001', '１０', ''])('believes no capture of %j', (value) => {
    const bent = { ...capture, amount: { currency_code: 'USD', value } };
    expect(translate('PAYMENT.CAPTURE.COMPLETED', bent)).toMatchObject({ kind: 'implausible' });
  });

  it.each<[string, string, unknown]>([
    [
      'what others sold under the same account',
      'PAYMENT.CAPTURE.COMPLETED',
      { ...capture, custom_id: undefined },
    ],
    ['a number that is none', 'PAYMENT.CAPTURE.COMPLETED', { ...capture, custom_id: 'a b' }],
    ['the old API', 'PAYMENT.SALE.COMPLETED', { id: '4EU7004268015634R' }],
    ['an event of tomorrow', 'PAYMENT.CAPTURE.EXPLODED', capture],
    ['nothing', 'CHECKOUT.ORDER.APPROVED', null],
  ])('makes nothing of %s', (_what, type, resource) => {
    expect(translate(type, resource)).toEqual({ kind: 'nothing' });
  });
});

function resolved(outcome_code: string) {
  return { status: 'RESOLVED', dispute_outcome: { outcome_code } };
}

function movement(type: string) {
  return { affected_party: 'SELLER', type, amount };
}
