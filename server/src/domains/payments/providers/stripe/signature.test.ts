import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { type Opened, openSigned } from './signature.ts';
import known from './vectors.json' with { type: 'json' };

interface Vector {
  id: string;
  kind: string;
  secret?: string;
  message?: string;
  timestamp?: number;
  receivedAt?: number;
  payload?: string;
  header?: string;
  expected?: string;
}

const vectors: Vector[] = known.vectors;
const ofKind = (kind: string) => vectors.filter((vector) => vector.kind === kind);
const secret = 'whsec_test_secret';
const text = '{"id":"evt_1","object":"event"}';

const headerFor = (changes: Partial<Stripe.WebhookTestHeaderOptions> = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload: text, secret, ...changes });
const open = (header: string | undefined, body: string | Buffer = text): Promise<Opened> =>
  openSigned({ body: Buffer.from(body), header, secret });

describe('openSigned', () => {
  it('has vectors to be checked against', () => {
    expect(ofKind('hmac-sha256-hex')).toHaveLength(3);
    expect(ofKind('stripe-signature-header')).toHaveLength(2);
    expect(ofKind('stripe-signature-header-negative')).toHaveLength(1);
  });

  it.each(ofKind('hmac-sha256-hex'))(
    'computes $id',
    ({ message = '', secret: key = '', expected }) => {
      const provider = Stripe.createNodeCryptoProvider();
      expect(provider.computeHMACSignature(message, key)).toBe(expected);
    },
  );

  it.each(ofKind('stripe-signature-header'))('takes $id, and no other bytes', async (vector) => {
    const { payload = '', expected, secret: key = '', timestamp = 0 } = vector;
    const receivedAtMs = (timestamp + 10) * 1_000;
    const given = { header: expected, secret: key, receivedAtMs };
    const opened = await openSigned({ body: Buffer.from(payload), ...given });
    expect(opened).toEqual({ proved: true, event: JSON.parse(payload) });
    const spaced = await openSigned({ body: Buffer.from(`${payload} `), ...given });
    expect(spaced).toMatchObject({ proved: false });
  });

  it.each(['', ' ', '\t\n', '\u00a0'])('takes nothing with the blank secret %j', async (blank) => {
    const [vector] = ofKind('stripe-signature-header-negative');
    const { payload = '', header, timestamp = 0 } = vector ?? {};
    const body = Buffer.from(payload);
    const opened = await openSigned({
      body,
      header,
      secret: blank,
      receivedAtMs: timestamp * 1_000,
    });
    expect(opened).toEqual({ proved: false, reason: 'the signing secret is blank' });
  });

  it('takes a time that is still to come, as the SDK does', async () => {
    const [vector] = ofKind('note');
    const { payload = '', header, secret: key = '', receivedAt = 0 } = vector ?? {};
    const given = { header, secret: key, receivedAtMs: receivedAt * 1_000 };
    expect(await openSigned({ body: Buffer.from(payload), ...given })).toMatchObject({
      proved: true,
    });
  });

  it('takes one good signature among several, as there are while a secret is changed', async () => {
    const other = headerFor({ secret: 'whsec_the_one_before' }).split(',')[1];
    const [time, good] = headerFor().split(',');
    expect(await open(`${time},${other},${good}`)).toMatchObject({ proved: true });
    expect(await open(`${time},${good},${other}`)).toMatchObject({ proved: true });
    expect(await open(`${time},${other}`)).toMatchObject({ proved: false });
  });

  it.each([
    [299, true],
    [302, false],
  ])('judges an event that is %i seconds old: %s', async (age, proved) => {
    const timestamp = Math.floor(Date.now() / 1_000) - age;
    expect(await open(headerFor({ timestamp }))).toMatchObject({ proved });
  });

  it('takes no bytes that are no UTF-8, whatever they are signed with', async () => {
    const body = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe])]);
    const read = body.toString('utf8');
    expect(await open(headerFor({ payload: read }), body)).toEqual({
      proved: false,
      reason: 'the body is no UTF-8',
    });
  });

  it('takes neither an array of headers nor none', async () => {
    const body = Buffer.from(text);
    expect(await openSigned({ body, header: [headerFor()], secret })).toMatchObject({
      proved: false,
    });
    expect(await openSigned({ body, header: undefined, secret })).toMatchObject({ proved: false });
  });

  it.each(['[]x', '', '{"object":"v2.core.event"}'])(
    'takes no body that is no event: %j',
    async (body) => {
      expect(await open(headerFor({ payload: body }), body)).toMatchObject({ proved: false });
    },
  );
});
