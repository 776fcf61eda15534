import { describe, expect, it } from 'vitest';
import { readPaid, readRefund, readTrade, refusalIn } from './answers.ts';
import { declineCodeOf } from './declines.ts';
import type { GatewayAnswer } from './gateway.ts';

const expected = { number: 'abc', merchant: '2088000000000001' };
const answered = (fields: Record<string, unknown>): GatewayAnswer => {
  const { code = '10000', sub_code: subCode = '' } = fields as Record<string, string>;
  return { kind: 'answered', code, subCode, fields, at: undefined };
};
const trade = {
  out_trade_no: 'abc',
  trade_no: '2026112122001',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '88.00',
};
const refused = (sub_code: string, code = '40004') => answered({ code, sub_code });

describe('readTrade', () => {
  const read = (answer: GatewayAnswer) => readTrade(answer, expected);

  it('reads a paid order, in part refunded or finished or not', () => {
    const money = {
      ...{ number: 'abc', merchant: expected.merchant, providerTransaction: '2026112122001' },
      amount: { minor: 8_800n, currency: 'CNY' },
    };
    expect(read(answered(trade))).toEqual({ status: 'succeeded', money });
    const finished = { ...trade, trade_status: 'TRADE_FINISHED', refund_fee: '8.00' };
    expect(read(answered(finished))).toEqual({ status: 'succeeded', money });
  });

  it.each<[string, GatewayAnswer, string]>([
    ['an order that waits', answered({ ...trade, trade_status: 'WAIT_BUYER_PAY' }), 'pending'],
    ['an order that is closed', answered({ ...trade, trade_status: 'TRADE_CLOSED' }), 'declined'],
    ['an order nobody came to', refused('ACQ.TRADE_NOT_EXIST'), 'absent'],
    ['a failing system', refused('ACQ.SYSTEM_ERROR'), 'unknown'],
    ['a service that is down', refused('isp.unknow-error', '20000'), 'unknown'],
    ['a wrong signature', refused('isv.invalid-signature', '40002'), 'unknown'],
    ['another order', answered({ ...trade, out_trade_no: 'abd' }), 'unknown'],
    ['an amount that is none', answered({ ...trade, total_amount: '1e3' }), 'unknown'],
    ['an amount of nothing', answered({ ...trade, total_amount: '0.00' }), 'unknown'],
    ['no amount', answered({ ...trade, total_amount: undefined }), 'unknown'],
    ['no transaction', answered({ ...trade, trade_no: '' }), 'unknown'],
    ['a status it does not know', answered({ ...trade, trade_status: 'TRADE_MAYBE' }), 'unknown'],
    ['no fields at all', answered({}), 'unknown'],
    ['what nobody has proved', { kind: 'unproven', complaint: 'ACQ.TRADE_NOT_EXIST' }, 'unknown'],
    ['silence', { kind: 'silent' }, 'unknown'],
  ])('%s', (_what, answer, status) => {
    expect(read(answer)).toEqual({ status });
  });
});

describe('readPaid', () => {
  it('reads a charge, and nothing of another order’s', () => {
    expect(readPaid(answered(trade), expected)).toMatchObject({ number: 'abc' });
    expect(readPaid(answered({ ...trade, out_trade_no: 'abd' }), expected)).toBeUndefined();
    expect(readPaid(answered({ ...trade, code: '10003' }), expected)).toBeUndefined();
    expect(readPaid({ kind: 'silent' }, expected)).toBeUndefined();
  });
});

describe('readRefund', () => {
  const refund = { out_request_no: 'r1', refund_status: 'REFUND_SUCCESS', refund_amount: '8.00' };

  it('reads what was given back', () => {
    expect(readRefund(answered(refund), 'r1')).toEqual({
      status: 'succeeded',
      amount: { minor: 800n, currency: 'CNY' },
    });
  });

  it.each<[string, GatewayAnswer, string]>([
    ['success that names no refund', answered({ trade_no: '1' }), 'absent'],
    ['no such payment', refused('ACQ.TRADE_NOT_EXIST'), 'absent'],
    ['one under way', answered({ ...refund, refund_status: 'REFUND_PROCESSING' }), 'pending'],
    ['one that failed', answered({ ...refund, refund_status: 'REFUND_FAIL' }), 'failed'],
    ['another refund', answered({ ...refund, out_request_no: 'r2' }), 'unknown'],
    ['an amount without a status', answered({ ...refund, refund_status: undefined }), 'unknown'],
    ['an amount that is none', answered({ ...refund, refund_amount: '-8.00' }), 'unknown'],
    ['a failing system', refused('ACQ.SYSTEM_ERROR'), 'unknown'],
    ['silence', { kind: 'silent' }, 'unknown'],
  ])('%s', (_what, answer, status) => {
    expect(readRefund(answer, 'r1')).toEqual({ status });
  });
});

describe('refusalIn', () => {
  it.each(['40001', '40002', '40003', '40004', '40006'])('takes %s for a refusal', (code) => {
    expect(refusalIn(refused('isv.insufficient-isv-permissions', code))).toEqual({
      refused: true,
      subCode: 'isv.insufficient-isv-permissions',
    });
  });

  it.each(['10000', '10003', '20000', '', '4000'])('does not take %j for one', (code) => {
    expect(refusalIn(refused('ACQ.PAYMENT_FAIL', code))).toBeUndefined();
  });

  it.each(['ACQ.SYSTEM_ERROR', 'aop.ACQ.SYSTEM_ERROR', 'AQC.SYSTEM_ERROR'])(
    'does not take %s for a decision',
    (subCode) => {
      expect(refusalIn(refused(subCode))).toBeUndefined();
    },
  );
});

describe('declineCodeOf', () => {
  it.each([
    ['ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', 'insufficient_funds'],
    ['ACQ.AGREEMENT_INVALID', 'method_unusable'],
    ['ACQ.TOTAL_FEE_EXCEED', 'limit_exceeded'],
    ['isv.insufficient-isv-permissions', 'provider_error'],
    ['toString', 'provider_error'],
    ['__proto__', 'provider_error'],
    ['', 'provider_error'],
  ])('%s is %s', (subCode, code) => {
    expect(declineCodeOf(subCode)).toBe(code);
  });
});
