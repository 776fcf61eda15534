import { describe, expect, it } from 'vitest';
import { readOrderAnswer } from './query.ts';

const expected = { number: 'abc', merchant: '001', currency: 'LDC' };
const paid = {
  code: 1,
  pid: '001',
  trade_no: '77',
  out_trade_no: 'abc',
  money: '10.00',
  status: 1,
};

describe('readOrderAnswer', () => {
  const read = (body: unknown, status = 200) =>
    readOrderAnswer({ status, text: JSON.stringify(body) }, expected);

  it('reads a paid order', () => {
    expect(read(paid)).toEqual({
      status: 'succeeded',
      money: {
        number: 'abc',
        merchant: '001',
        providerTransaction: '77',
        amount: { minor: 1000n, currency: 'LDC' },
      },
    });
  });

  it('reads numbers that are written as text', () => {
    expect(read({ ...paid, code: '1', status: '1' })).toMatchObject({ status: 'succeeded' });
  });

  it.each<[string, unknown, number, string]>([
    ['an unpaid or refunded order', { ...paid, status: 0 }, 200, 'pending'],
    ['an order nobody submitted', { code: -1, msg: 'no such order' }, 404, 'absent'],
    ['a wrong key', { code: -1, msg: 'unauthorized' }, 401, 'unknown'],
    ['a server that fails', { code: -1 }, 500, 'unknown'],
    ['another order', { ...paid, out_trade_no: 'abd' }, 200, 'unknown'],
    ['another merchant', { ...paid, pid: '002' }, 200, 'unknown'],
    ['an amount that is none', { ...paid, money: '1e3' }, 200, 'unknown'],
    ['an amount of nothing', { ...paid, money: '0.00' }, 200, 'unknown'],
    ['no transaction', { ...paid, trade_no: '' }, 200, 'unknown'],
    ['a status it does not know', { ...paid, status: 2 }, 200, 'unknown'],
    ['no object', [], 200, 'unknown'],
  ])('%s', (_what, body, status, outcome) => {
    expect(read(body, status)).toMatchObject({ status: outcome });
  });

  it('takes silence and noise for unknown, never for unpaid', () => {
    expect(readOrderAnswer(undefined, expected)).toEqual({ status: 'unknown' });
    expect(readOrderAnswer({ status: 200, text: '<html>' }, expected)).toEqual({
      status: 'unknown',
    });
  });
});
