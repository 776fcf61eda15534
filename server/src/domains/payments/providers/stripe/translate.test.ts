import { describe, expect, it } from 'vitest';
import { translateEvent } from './translate.ts';

const number = 'a1b2c3d4e5f6a7b8c9d0e1f2';
const refundNumber = 'r1b2c3d4e5f6a7b8c9d0e1f2';
const merchant = 'acct_1TestAccount00:test';
const mean = (type: string, object: object) => translateEvent({ type, data: { object } }, merchant);

const session = {
  object: 'checkout.session',
  mode: 'payment',
  status: 'complete',
  payment_status: 'paid',
  client_reference_id: number,
  metadata: { sluice_number: number },
  amount_total: 1_999,
  currency: 'usd',
  payment_intent: 'pi_3Test',
};
const intent = {
  object: 'payment_intent',
  id: 'pi_3Test',
  status: 'succeeded',
  amount_received: 1_999,
  currency: 'usd',
  metadata: { sluice_number: number },
};
const money = {
  number,
  merchant,
  providerTransaction: 'pi_3Test',
  amount: { minor: 1_999n, currency: 'USD' },
};

describe('translateEvent', () => {
  it.each([
    ['checkout.session.completed', session],
    ['checkout.session.async_payment_succeeded', session],
    ['payment_intent.succeeded', intent],
  ])('reads the same money from %s', (type, object) => {
    expect(mean(type, object)).toEqual({ kind: 'collected', money });
  });

  it.each([
    ['checkout.session.completed', { ...session, payment_status: 'unpaid' }],
    [
      'checkout.session.completed',
      { ...session, mode: 'setup', payment_status: 'no_payment_required' },
    ],
    ['checkout.session.completed', { ...session, payment_status: 'no_payment_required' }],
    ['checkout.session.async_payment_failed', { ...session, payment_status: 'unpaid' }],
    ['checkout.session.expired', { ...session, status: 'expired', payment_status: 'unpaid' }],
    ['payment_intent.payment_failed', { ...intent, status: 'requires_payment_method' }],
    ['payment_intent.processing', { ...intent, status: 'processing' }],
    ['payment_intent.canceled', { ...intent, status: 'canceled' }],
    ['setup_intent.succeeded', { metadata: { sluice_number: number } }],
  ])('takes %s only as a reason to ask (%#)', (type, object) => {
    expect(mean(type, object)).toEqual({ kind: 'changed', number });
  });

  it.each([
    ['text', { amount_received: '1999' }],
    ['1e3 as text', { amount_received: '1e3' }],
    ['a fraction', { amount_received: 10.001 }],
    ['full-width digits', { amount_received: '１０' }],
    ['nothing', { amount_received: 0 }],
    ['less than nothing', { amount_received: -1_999 }],
    ['a currency that Stripe does not take', { currency: 'ldc' }],
    ['no name', { id: 7 }],
  ])('believes no payment whose amount is %s', (_what, changes) => {
    const meaning = mean('payment_intent.succeeded', { ...intent, ...changes });
    expect(meaning).toMatchObject({ kind: 'implausible' });
  });

  it.each([
    ['another application made', 'payment_intent.succeeded', { ...intent, metadata: {} }],
    [
      'has a number of another form',
      'payment_intent.succeeded',
      { ...intent, metadata: { sluice_number: '1' } },
    ],
    ['names two orders', 'checkout.session.completed', { ...session, client_reference_id: 'x' }],
    ['is of no consequence', 'charge.succeeded', { id: 'ch_1' }],
    ['is called like a part of every object', 'constructor', intent],
  ])('passes over what %s', (_what, type, object) => {
    expect(mean(type, object)).toEqual({ kind: 'nothing' });
  });

  it('tells our refund from one that was made at Stripe', () => {
    const refund = {
      id: 're_1',
      amount: 500,
      currency: 'usd',
      status: 'succeeded',
      payment_intent: 'pi_3Test',
    };
    const metadata = { sluice_refund: refundNumber, sluice_number: number };
    const news = {
      reference: 're_1',
      amount: { minor: 500n, currency: 'USD' },
      status: 'succeeded',
    };
    expect(mean('refund.created', { ...refund, metadata })).toEqual({
      kind: 'refund',
      refund: {
        ...news,
        number: refundNumber,
        payment: { number, providerTransaction: 'pi_3Test' },
      },
    });
    expect(mean('refund.updated', { ...refund, metadata: null })).toMatchObject({
      refund: { ...news, number: null, payment: { number: null, providerTransaction: 'pi_3Test' } },
    });
    expect(mean('refund.failed', { ...refund, status: 'failed' })).toMatchObject({
      refund: { status: 'failed' },
    });
    expect(mean('refund.updated', { ...refund, status: 'odd' })).toMatchObject({
      kind: 'implausible',
    });
  });

  const dispute = {
    ...{ id: 'du_1', amount: 1_999, currency: 'usd', reason: 'fraudulent' },
    ...{ payment_intent: 'pi_3Test', status: 'needs_response' },
    evidence_details: { due_by: 1_767_225_600 },
    balance_transactions: [{ amount: -1_999 }],
  };

  it('reads a dispute with its deadline, and whether the money is gone', () => {
    expect(mean('charge.dispute.created', dispute)).toEqual({
      kind: 'dispute',
      dispute: {
        reference: 'du_1',
        payment: { number: null, providerTransaction: 'pi_3Test' },
        amount: { minor: 1_999n, currency: 'USD' },
        status: 'needs_response',
        reason: 'fraudulent',
        respondBy: new Date('2026-01-01T00:00:00Z'),
        isWithdrawn: true,
      },
    });
  });

  it.each([
    ['warning_needs_response', [], 'needs_response', false],
    ['warning_under_review', [], 'under_review', false],
    ['warning_closed', [], 'won', false],
    ['prevented', [], 'won', false],
    ['appeal_needs_response', [{ amount: -1_999 }], 'needs_response', true],
    ['under_review', [{ amount: -1_999 }], 'under_review', true],
    ['lost', [{ amount: -1_999 }], 'lost', true],
    ['won', [{ amount: -1_999 }, { amount: 1_999 }], 'won', false],
  ])('reads %s after %j as %s, withdrawn: %s', (said, transactions, status, isWithdrawn) => {
    const object = { ...dispute, status: said, balance_transactions: transactions };
    expect(mean('charge.dispute.updated', object)).toMatchObject({
      dispute: { status, isWithdrawn },
    });
  });

  it('hears that a method is gone', () => {
    expect(mean('payment_method.detached', { id: 'pm_1' })).toEqual({
      kind: 'method_removed',
      reference: 'pm_1',
    });
  });
});
