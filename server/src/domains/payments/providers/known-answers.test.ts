/** Known answers that the tests of one provider do not call by their names, each held against the provider that it is for. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withDefaults } from '../core/settings.ts';
import { outside } from '../outside.ts';
import type { Connection, Notification } from '../provider.ts';
import alipayAnswers from './alipay/vectors.json' with { type: 'json' };
import { credit } from './credit/index.ts';
import { signatureOf } from './credit/signature.ts';
import creditAnswers from './credit/vectors.json' with { type: 'json' };
import { openSigned } from './stripe/signature.ts';
import stripeAnswers from './stripe/vectors.json' with { type: 'json' };

type Fields = Record<string, string>;
interface Vector {
  id: string;
  [field: string]: unknown;
}

const vectors = [...alipayAnswers.vectors, ...creditAnswers.vectors, ...stripeAnswers.vectors];
const vectorOf = (id: string): Vector & Record<string, string> => {
  const vector = vectors.find((each) => each.id === id);
  if (!vector) throw new Error(`there is no ${id}`);
  return vector as never;
};
const fieldsOf = (id: string, name = 'params') => vectorOf(id)[name] as unknown as Fields;
/** What was signed, as fields; the key is the last of them. */
const split = (text: string): Fields =>
  Object.fromEntries(text.split('&').map((part) => part.split('=') as [string, string]));

const gateway = (key: string): Connection => {
  if (!credit.online) throw new Error('it is a provider of the outside world');
  const settings = { pid: '001', key, gateway_url: 'https://gateway.example', currency: 'LDC' };
  return credit.online.connect(withDefaults(credit.settings, settings), outside);
};
const notificationOf = (fields: Fields): Notification => ({
  method: 'GET',
  query: new URLSearchParams(fields).toString(),
  headers: {},
  body: Buffer.alloc(0),
});

describe('known answers of epay', () => {
  it('md5-sorted-ampkey-wechat-v2-doc: the key follows as a field, whatever the case of the digits', () => {
    const { signedString, expected } = vectorOf('md5-sorted-ampkey-wechat-v2-doc');
    const { key = '', ...fields } = split(String(signedString));
    expect(signatureOf(fields, key, 'amp_key').toUpperCase()).toBe(expected);
    expect(signatureOf(fields, key, 'plain').toUpperCase()).not.toBe(expected);
  });

  it('hmac-sorted-ampkey-wechat-v2-doc: an HMAC is no signature of a gateway', async () => {
    const { expected, key } = vectorOf('hmac-sorted-ampkey-wechat-v2-doc');
    const forged = { pid: '001', money: '1.00', sign: String(expected) };
    for (const sign of [forged.sign, forged.sign.toLowerCase(), forged.sign.slice(0, 32)]) {
      const verification = await gateway(String(key)).verify(notificationOf({ ...forged, sign }));
      expect(verification).toMatchObject({ verified: false });
    }
  });

  it('md5-utf8-xpay: Chinese is signed as UTF-8, not percent-encoded and not as GBK', () => {
    const { signedString, expected } = vectorOf('md5-utf8-xpay');
    const { APP_SECRET: secret = '', ...fields } = split(String(signedString));
    // The published text ends with the key under another name.
    expect(signatureOf(fields, `&APP_SECRET=${secret}`, 'plain')).toBe(expected);
    const encoded = { ...fields, subject: encodeURIComponent(fields.subject ?? '') };
    expect(signatureOf(encoded, `&APP_SECRET=${secret}`, 'plain')).not.toBe(expected);
  });

  it('epay-money-two-forms: both spellings of an amount are signed as they are written', () => {
    const { secret, expectedAnyOf } = vectorOf('epay-money-two-forms');
    const signatures = ['10.00', '10'].map((money) =>
      signatureOf({ ...fieldsOf('epay-money-two-forms'), money }, String(secret), 'plain'),
    );
    expect(signatures.sort()).toEqual([...(expectedAnyOf as unknown as string[])].sort());
  });

  it('epay-neg-empty-key: case 17: what was signed with no key is refused by every key, and by none', async () => {
    const forged = notificationOf(fieldsOf('epay-neg-empty-key'));
    expect(await gateway('a key').verify(forged)).toMatchObject({ verified: false });
    for (const blank of ['', ' ', '\t']) {
      await expect(gateway(blank).verify(forged)).rejects.toThrow('needs a key');
    }
  });

  it('epay-canonical-ambiguity: two readings of one signed text are not both believed', async () => {
    const [first, second] = ['paramsA', 'paramsB'].map((name) => ({
      ...fieldsOf('epay-canonical-ambiguity', name),
      trade_no: 'T1',
      trade_status: 'TRADE_SUCCESS',
    }));
    const sign = signatureOf(first as Fields, 'SECRET', 'plain');
    expect(signatureOf(second as Fields, 'SECRET', 'plain')).toBe(sign);
    const meaningOf = async (fields: Fields) => {
      const verification = await gateway('SECRET').verify(notificationOf({ ...fields, sign }));
      return verification.verified
        ? gateway('SECRET').translate(verification.claims)
        : verification;
    };
    expect(await meaningOf(first as Fields)).toMatchObject({ kind: 'collected' });
    expect(await meaningOf(second as Fields)).not.toMatchObject({ kind: 'collected' });
  });

  it('ldc-ed25519-doc: a true signature of the other dialect is none of this one', async () => {
    const { seedHex, publicKeyHex, signedString, expectedBase64 } = vectorOf('ldc-ed25519-doc');
    const der = (prefix: string, hex: unknown) => Buffer.from(prefix + String(hex), 'hex');
    const privateKey = createPrivateKey({
      key: der('302e020100300506032b657004220420', seedHex),
      ...{ format: 'der', type: 'pkcs8' },
    });
    const publicKey = createPublicKey({
      key: der('302a300506032b6570032100', publicKeyHex),
      ...{ format: 'der', type: 'spki' },
    });
    const signature = sign(null, Buffer.from(String(signedString)), privateKey);
    expect(signature.toString('base64')).toBe(expectedBase64);
    expect(verify(null, Buffer.from(String(signedString)), publicKey, signature)).toBe(true);
    const fields = { pid: '001', money: '10.00', type: 'ldcpay', sign: String(expectedBase64) };
    expect(await gateway('SECRET').verify(notificationOf(fields))).toMatchObject({
      verified: false,
    });
  });
});

describe('known answers of Stripe', () => {
  const openedOf = (id: string, secret: string, receivedAtMs: number) => {
    const { payload = '', header } = vectorOf(id);
    return openSigned({ body: Buffer.from(payload), header, secret, receivedAtMs });
  };

  it('stripe-neg-empty-secret: case 17: what was signed with no secret is refused by a blank one and by a true one', async () => {
    const { timestamp } = vectorOf('stripe-neg-empty-secret');
    for (const secret of ['', ' ', 'whsec_test_secret']) {
      const opened = await openedOf('stripe-neg-empty-secret', secret, Number(timestamp) * 1_000);
      expect(opened).toMatchObject({ proved: false });
    }
  });

  it('stripe-note-future-timestamp: a time to come is no reason to refuse, as the signature covers it', async () => {
    const { secret, receivedAt } = vectorOf('stripe-note-future-timestamp');
    const id = 'stripe-note-future-timestamp';
    expect(await openedOf(id, String(secret), Number(receivedAt) * 1_000)).toMatchObject({
      proved: true,
    });
    // An hour later than its own time it is stale.
    const { timestamp } = vectorOf(id);
    const late = (Number(timestamp) + 3_600) * 1_000;
    expect(await openedOf(id, String(secret), late)).toMatchObject({ proved: false });
  });
});

describe('known answers of Alipay', () => {
  const isTrue = (signed: string, signature: string, key: string) =>
    verify('RSA-SHA256', Buffer.from(signed), key, Buffer.from(signature, 'base64'));

  it('alipay-notify-trade-success: the signed text is every field but the signature and its type', () => {
    const { publicKeyPem = '', signedString = '' } = vectorOf('alipay-notify-trade-success');
    const form = fieldsOf('alipay-notify-trade-success', 'form');
    expect(textOf(form)).toBe(signedString);
    expect(isTrue(textOf(form), form.sign ?? '', publicKeyPem)).toBe(true);
  });

  it('alipay-notify-tampered-amount: another amount is another text', () => {
    const { publicKeyPem = '' } = vectorOf('alipay-notify-tampered-amount');
    const form = fieldsOf('alipay-notify-tampered-amount', 'form');
    expect(isTrue(textOf(form), form.sign ?? '', publicKeyPem)).toBe(false);
  });

  it('alipay-v2-response-1: the signed text is the answer’s own bytes', () => {
    const { publicKeyPem = '', rawBody = '', ...rest } = vectorOf('alipay-v2-response-1');
    expect(rawBody).toContain(rest.signedString);
    expect(isTrue(rest.signedString ?? '', rest.signature ?? '', publicKeyPem)).toBe(true);
    const spaced = (rest.signedString ?? '').replace('{', '{ ');
    expect(isTrue(spaced, rest.signature ?? '', publicKeyPem)).toBe(false);
  });
});

function textOf(form: Fields): string {
  return Object.keys(form)
    .filter((name) => name !== 'sign' && name !== 'sign_type' && form[name] !== '')
    .sort()
    .map((name) => `${name}=${form[name]}`)
    .join('&');
}
