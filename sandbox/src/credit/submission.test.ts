import { describe, expect, test } from 'vitest';
import { sign } from './signature.ts';
import { decideSubmission, parseMoney } from './submission.ts';

const merchant = { pid: '1001', key: 'a key' };
const good = {
  pid: '1001',
  type: 'epay',
  out_trade_no: 'order1',
  name: 'Starter',
  money: '30.00',
  notify_url: 'http://127.0.0.1:9/notify',
  return_url: 'http://127.0.0.1:9/return',
};

function submit(changes: Record<string, string>) {
  const fields = { ...good, ...changes };
  return decideSubmission({ sign: sign(fields, merchant.key), ...fields }, merchant);
}

describe('decideSubmission', () => {
  test('accepts a well signed submission', () => {
    expect(submit({})).toEqual({
      accepted: true,
      submission: {
        outTradeNo: 'order1',
        name: 'Starter',
        money: '30.00',
        device: '',
        notifyUrl: good.notify_url,
        returnUrl: good.return_url,
      },
    });
  });

  test.each([
    [400, 'an unknown type', { type: 'alipay' }],
    [401, 'a missing name', { name: '' }],
    [401, 'a name of 65 characters', { name: '名'.repeat(65) }],
    [401, 'an order number of 65 characters', { out_trade_no: 'x'.repeat(65) }],
    [401, 'an amount of nothing', { money: '0.00' }],
    [401, 'a negative amount', { money: '-1' }],
    [401, 'three decimals', { money: '1.005' }],
    [401, 'an exponent', { money: '1e3' }],
    [401, 'full-width digits', { money: '１０' }],
    [401, 'another merchant', { pid: '1002' }],
    [401, 'a wrong signature', { sign: '0'.repeat(32) }],
    [400, 'an address of 101 characters', { return_url: `http://h/${'x'.repeat(92)}` }],
    [400, 'an address that is none', { notify_url: 'javascript:alert(1)' }],
  ])('refuses with %i %s', (status, _what, changes) => {
    expect(submit(changes)).toMatchObject({ accepted: false, status });
  });
});

describe('parseMoney', () => {
  test.each([
    ['10', '10.00'],
    ['10.5', '10.50'],
    ['0.01', '0.01'],
    ['007', '7.00'],
  ])('writes %s as %s', (text, money) => {
    expect(parseMoney(text)).toBe(money);
  });
});
