import { describe, expect, it } from 'vitest';
import { readFields } from './fields.ts';
import { credit } from './index.ts';
import { signatureOf } from './signature.ts';
import known from './vectors.json' with { type: 'json' };

type Params = Record<string, string>;
const vectors = known.vectors as {
  id: string;
  kind: string;
  secret?: string;
  params?: Params;
  expected?: string;
  expectedAnyOf?: string[];
}[];
const ofKind = (kind: string) =>
  vectors
    .filter((vector) => vector.kind === kind)
    .map(({ id, params = {}, secret = '', expected = '' }) => ({ id, params, secret, expected }));

const notificationOf = (params: Params) => ({
  method: 'GET',
  query: new URLSearchParams(params).toString(),
  headers: {},
  body: Buffer.alloc(0),
});
const connect = (settings: Params) =>
  credit.online?.connect(
    { gateway_url: 'https://gateway.example', currency: 'LDC', ...settings },
    { resolve: (url) => url, get: async () => undefined, send: async () => undefined },
  );

describe('signatureOf', () => {
  it('has vectors to be checked against', () => {
    expect(ofKind('epay-md5-plain').length).toBeGreaterThanOrEqual(3);
    expect(ofKind('epay-notify-negative').length).toBeGreaterThanOrEqual(4);
  });

  it.each(ofKind('epay-md5-plain'))('$id', ({ params, secret, expected }) => {
    expect(signatureOf(params, secret, 'plain')).toBe(expected);
  });

  it('signs the amount as it is written', () => {
    const vector = vectors.find(({ id }) => id === 'epay-money-two-forms');
    const { params = {}, secret = '', expectedAnyOf } = vector ?? {};
    const spelled = ['10.00', '10'].map((money) =>
      signatureOf({ ...params, money }, secret, 'plain'),
    );
    expect(spelled.sort()).toEqual(expectedAnyOf?.toSorted());
  });

  it('appends the key as a field where the gateway wants it so', () => {
    // md5('a=1&key=secret')
    expect(signatureOf({ a: '1' }, 'secret', 'amp_key')).toBe(
      signatureOf({ a: '1' }, '&key=secret', 'plain'),
    );
  });

  it('does not sign with an empty key', () => {
    expect(() => signatureOf({ a: '1' }, ' ', 'plain')).toThrow('a signature needs a key');
  });
});

describe('verify', () => {
  const positive = vectors.find(({ id }) => id === 'epay-notify-success');

  it('accepts the known notification, and translates it', async () => {
    const connection = connect({ pid: '001', key: positive?.secret ?? '' });
    const params = { ...positive?.params, sign: positive?.expected ?? '' };
    const verification = await connection?.verify(notificationOf(params));
    expect(verification).toMatchObject({ verified: true });
    expect(verification?.verified && connection?.translate(verification.claims)).toEqual({
      kind: 'collected',
      money: {
        number: 'M20250101',
        merchant: '001',
        providerTransaction: '123456789012345678',
        amount: { minor: 1000n, currency: 'LDC' },
      },
    });
  });

  it.each(ofKind('epay-notify-negative').filter(({ secret }) => secret !== ''))(
    'never takes $id for money',
    async ({ params, secret }) => {
      const connection = connect({ pid: '001', key: secret });
      const verification = await connection?.verify(notificationOf(params));
      const meaning = verification?.verified
        ? connection?.translate(verification.claims)
        : undefined;
      expect(meaning?.kind).not.toBe('collected');
    },
  );

  it('is not even reached with an empty key', async () => {
    const connection = connect({ pid: '001', key: '' });
    const empty = vectors.find(({ id }) => id === 'epay-neg-empty-key');
    await expect(connection?.verify(notificationOf(empty?.params ?? {}))).rejects.toThrow(
      'needs a key',
    );
  });
});

describe('readFields', () => {
  const read = (query: string) => readFields({ ...notificationOf({}), query });

  it('joins query and form', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const body = Buffer.from('name=a+b%26&money=1.00');
    expect(readFields({ method: 'POST', query: 'pid=1', headers, body })).toEqual({
      readable: true,
      fields: { pid: '1', name: 'a b&', money: '1.00' },
    });
  });

  it.each([
    ['pid=1&pid=1', 'a field comes twice'],
    ['pid=1&%70id=2', 'a field comes twice'],
    ['money[]=1', 'a field is unknown'],
    ['__proto__=1', 'a field is unknown'],
    ['pid=%', 'a field is not percent-encoded'],
    [`name=${'x'.repeat(501)}`, 'a field is too long'],
    [Array.from({ length: 21 }, (_, index) => `a${index}=`).join('&'), 'there are too many fields'],
  ])('refuses %s', (query, reason) => {
    expect(read(query)).toEqual({ readable: false, reason });
  });
});
