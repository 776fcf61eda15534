import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Answer, Call } from './client.ts';
import { readBill, readStatement } from './statement.ts';

const merchant = { mchid: '1579507281', appid: 'wxe1696e7c7db8e7f4' };
const heads =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
/** Laid out as real bills are. */
const paid =
  '`2024-07-09 10:06:33,`wxe1696e7c7db8e7f4,`1579507281,`0,`,`4200002360202407091150650780,`5622334254839656448,`oVgf,`JSAPI,`SUCCESS,`OTHERS,`CNY,`60.00,`0.00,`0,`0,`0.00,`0.00,`,`,`2024-07-10 13:50 付款,`{"a":1},`0.32000,`0.54%,`60.00,`0.00,`';
const withCoupon = paid.replace('`60.00,`0.00,`0,', '`55.00,`5.00,`0,');
const refunded =
  '`2024-07-09 16:47:58,`wxe1696e7c7db8e7f4,`1579507281,`0,`,`4200002166202406250324636876,`5617363390111199232,`oVgf,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50302709992024070991956632208,`5622435300878286848,`50.00,`0.00,`ORIGINAL,`SUCCESS,`付款,`,`-0.27000,`0.54%,`0.00,`50.00,`';
const totals =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`29,`1300.00,`490.00,`0.00,`4.33000,`1300.00,`490.00\r\n';
const billOf = (...rows: string[]) => `\uFEFF${[heads, ...rows, totals].join('\r\n')}`;
const fen = (minor: bigint) => ({ minor, currency: 'CNY' });

const paidLine = {
  ...{ kind: 'payment', number: '5622334254839656448' },
  providerTransaction: '4200002360202407091150650780',
  ...{ amount: fen(6000n), fee: fen(32n), at: new Date('2024-07-09T10:06:33+08:00') },
};

describe('readBill', () => {
  it('reads payments, refunds, and the fee that a refund gives back', () => {
    const at = new Date('2024-07-09T16:47:58+08:00');
    const providerTransaction = '50302709992024070991956632208';
    expect(readBill(billOf(refunded, paid), merchant)).toEqual([
      {
        ...{ kind: 'refund', number: '5622435300878286848', providerTransaction },
        ...{ amount: fen(-5000n), fee: fen(0n), at },
        payment: {
          number: '5617363390111199232',
          providerTransaction: '4200002166202406250324636876',
        },
      },
      { ...{ kind: 'fee', number: null, providerTransaction }, amount: fen(27n), fee: null, at },
      paidLine,
    ]);
  });

  it('takes the order’s total, whatever a coupon paid of it', () => {
    expect(readBill(billOf(withCoupon), merchant)).toEqual([paidLine]);
  });

  it('leaves out a refund that failed, for its money is back', () => {
    expect(
      readBill(billOf(refunded.replace('ORIGINAL,`SUCCESS', 'ORIGINAL,`FAIL')), merchant),
    ).toEqual([]);
  });

  it('finds columns by their heads, not by their places', () => {
    const swap = (line: string, separator: string) => {
      const [first = '', second = '', ...rest] = line.replace(/^`/, '').split(separator);
      return [second, first, ...rest].join(separator);
    };
    const bill = [swap(heads, ','), `\`${swap(paid, ',`')}`, totals].join('\n');
    expect(readBill(bill, merchant)).toEqual([paidLine]);
  });

  it.each([
    ['a column is missing', billOf(paid).replace(',手续费,', ',费,')],
    ['a row has a cell too few', billOf(paid.replace(',`CNY', ''))],
    ['a row is of another merchant', billOf(paid.replace('1579507281', '1579507282'))],
    [
      'an amount is no amount',
      billOf(
        paid.replace('`60.00,`0.00,`\r', '`6e1,`0.00,`\r').replace('0.54%,`60.00', '0.54%,`6e1'),
      ),
    ],
    ['a time is no time', billOf(paid.replace('10:06:33', '25:06:33'))],
    ['a state is new', billOf(paid.replace('`SUCCESS,`OTHERS', '`REVOKED,`OTHERS'))],
    ['it is another file', '<html></html>'],
    ['it is empty', ''],
  ])('reads nothing at all where %s', (_what, bill) => {
    expect(readBill(bill, merchant)).toBeUndefined();
  });
});

const sha1 = (bytes: Buffer | string) => createHash('sha1').update(bytes).digest('hex');
const answered = (
  status: number,
  body: unknown,
  date = 'Wed, 10 Jul 2024 02:00:00 GMT',
): Answer => ({
  ...{ kind: 'answered', status, body },
  headers: { date },
});

/** What the API says to the question for a bill, and to its download. */
const ask = async (asked: Answer, file: Answer = { kind: 'silent' }) => {
  const calls: Call[] = [];
  const outcome = await readStatement(
    async (call) => {
      calls.push(call);
      return call.file ? file : asked;
    },
    merchant,
    { date: '2024-07-09' },
  );
  return { outcome, calls };
};
const offered = (hash: string) =>
  answered(200, {
    ...{ hash_type: 'SHA1', hash_value: hash },
    download_url: 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=abc-_x&tartype=gzip',
  });

describe('readStatement', () => {
  const bill = Buffer.from(billOf(paid));

  it('fetches the zipped file, whose digest is of the plain one', async () => {
    const { outcome, calls } = await ask(
      offered(sha1(bill).toUpperCase()),
      answered(200, gzipSync(bill)),
    );
    expect(outcome).toEqual({
      status: 'ready',
      from: new Date('2024-07-08T16:00:00Z'),
      to: new Date('2024-07-09T16:00:00Z'),
      lines: [paidLine],
    });
    expect(calls.map(({ path, query }) => [path, query])).toEqual([
      ['v3/bill/tradebill', { bill_date: '2024-07-09', bill_type: 'ALL', tar_type: 'GZIP' }],
      ['v3/billdownload/file', { token: 'abc-_x', tartype: 'gzip' }],
    ]);
  });

  it('believes no file of another digest', async () => {
    const forged = Buffer.from(billOf(paid.replaceAll('60.00', '61.00')));
    const { outcome } = await ask(offered(sha1(bill)), answered(200, gzipSync(forged)));
    expect(outcome).toEqual({ status: 'unknown' });
  });

  it('attack 26: does not unpack a file that was cut or is none', async () => {
    const cut = gzipSync(bill).subarray(0, -12);
    for (const body of [cut, Buffer.alloc(0), 'text', undefined]) {
      const { outcome } = await ask(offered(sha1(bill)), answered(200, body));
      expect(outcome).toEqual({ status: 'unknown' });
    }
  });

  it.each([
    ['STATEMENT_CREATING', 'Wed, 10 Jul 2024 03:00:00 GMT', 'not_ready'],
    ['NO_STATEMENT_EXIST', 'Wed, 10 Jul 2024 01:59:59 GMT', 'not_ready'],
    ['NO_STATEMENT_EXIST', 'Wed, 10 Jul 2024 02:00:00 GMT', 'ready'],
    ['NO_STATEMENT_EXIST', 'no date', 'not_ready'],
    ['PARAM_ERROR', 'Tue, 09 Jul 2024 12:00:00 GMT', 'not_ready'],
    ['PARAM_ERROR', 'Wed, 10 Jul 2025 02:00:00 GMT', 'unknown'],
    ['SIGN_ERROR', 'Tue, 09 Jul 2024 12:00:00 GMT', 'unknown'],
  ])('%s at %s is %s', async (code, date, status) => {
    const { outcome } = await ask(answered(400, { code, message: '' }, date));
    expect(outcome).toMatchObject({ status });
  });

  it.each<[string, Answer]>([
    ['no answer', { kind: 'silent' }],
    ['an answer of somebody else', { kind: 'unverified' }],
    ['another digest than SHA1', answered(200, { hash_type: 'MD5', hash_value: 'a' })],
    ['noise', answered(200, 'noise')],
  ])('takes %s for unknown', async (_what, answer) => {
    expect((await ask(answer)).outcome).toEqual({ status: 'unknown' });
  });
});
