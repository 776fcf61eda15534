import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SettingValues, withDefaults } from '../../core/settings.ts';
import type { Outside } from '../../outside.ts';
import type { Connection, Notification } from '../../provider.ts';
import { readFields } from './fields.ts';
import { openGateway } from './gateway.ts';
import { alipay } from './index.ts';
import { alipaySettings, readAlipaySettings } from './settings.ts';
import known from './vectors.json' with { type: 'json' };

type Form = Record<string, string>;
interface Vector {
  id: string;
  kind: string;
  form?: Form;
  publicKeyPem: string;
  rawBody?: string;
}
const vectors = known.vectors as unknown as Vector[];
const vectorOf = (kind: string) => {
  const vector = vectors.find((each) => each.kind === kind);
  if (!vector) throw new Error(`there is no vector of ${kind}`);
  return vector;
};

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: typeof ours, type: 'pkcs8' | 'spki') =>
  key.export({ type, format: 'pem' } as never).toString();
const theirPublicKey = pem(theirs.publicKey, 'spki');
const ourPrivateKey = pem(ours, 'pkcs8');

const settings: SettingValues = withDefaults(alipaySettings, {
  app_id: '2021000000000001',
  seller_id: '2088000000000001',
  private_key: ourPrivateKey,
  alipay_public_key: theirPublicKey,
});
const silence: Outside = {
  resolve: (url) => url,
  get: async () => undefined,
  send: async () => undefined,
};
const answering = (text: string): Outside => ({
  ...silence,
  send: async () => ({ status: 200, text, headers: {}, bytes: Buffer.from(text) }),
});
const connect = (changes: SettingValues = {}, outside = silence): Connection => {
  if (!alipay.online) throw new Error('it is a provider of the outside world');
  return alipay.online.connect({ ...settings, ...changes }, outside);
};

const textOf = (form: Form) =>
  Object.keys(form)
    .filter((name) => name !== 'sign' && name !== 'sign_type')
    .sort()
    .map((name) => `${name}=${form[name]}`)
    .join('&');
const signWith = (form: Form, algorithm = 'RSA-SHA256', key = theirs.privateKey) =>
  createSign(algorithm).update(textOf(form)).sign(key, 'base64');
const signed = (form: Form) => ({ ...form, sign_type: 'RSA2', sign: signWith(form) });
const posted = (form: Form | string): Notification => ({
  method: 'POST',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: Buffer.from(typeof form === 'string' ? form : new URLSearchParams(form).toString()),
});

const paid: Form = {
  app_id: '2021000000000001',
  seller_id: '2088000000000001',
  notify_type: 'trade_status_sync',
  charset: 'utf-8',
  out_trade_no: 'abcdefghijklmnopqrstuvwx',
  trade_no: '2026112122001468450512505578',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '88.00',
  subject: '100% 套餐 + more',
};
const understand = async (form: Form | string, connection = connect()) => {
  const verification = await connection.verify(posted(form));
  if (!verification.verified) return verification.reason;
  return connection.translate(verification.claims);
};

describe('verify', () => {
  it('accepts a notification that Alipay has really sent, and translates it', async () => {
    const { form = {}, publicKeyPem } = vectorOf('alipay-notify-rsa2');
    const connection = connect({
      alipay_public_key: publicKeyPem,
      app_id: form.app_id ?? '',
      seller_id: form.seller_id ?? '',
    });
    expect(await understand(form, connection)).toEqual({
      kind: 'collected',
      money: {
        number: '20190815155618536-564-57',
        merchant: '2088531891668739',
        providerTransaction: '2019081522001468450512505578',
        amount: { minor: 10n, currency: 'CNY' },
        payer: '2088102534368455',
      },
    });
  });

  it('refuses the same with another amount', async () => {
    const { form = {}, publicKeyPem } = vectorOf('alipay-notify-rsa2-negative');
    const connection = connect({
      alipay_public_key: publicKeyPem,
      app_id: form.app_id ?? '',
      seller_id: form.seller_id ?? '',
    });
    expect(await understand(form, connection)).toBe('the sign is wrong');
  });

  it('reads a title with a percent sign, on which the first version of the check fails', async () => {
    expect(await understand(signed(paid))).toMatchObject({ kind: 'collected' });
  });

  it('accepts a signature that covers sign_type, as some products of Alipay make', async () => {
    const all = { ...paid, sign_type: 'RSA2' };
    const text = Object.keys(all)
      .sort()
      .map((name) => `${name}=${all[name as keyof typeof all]}`)
      .join('&');
    const sign = createSign('RSA-SHA256').update(text).sign(theirs.privateKey, 'base64');
    expect(await understand({ ...all, sign })).toMatchObject({ kind: 'collected' });
  });

  it.each<[string, Form, string]>([
    ['SHA-1, as the message asks', withSha1(), 'the sign_type is not RSA2'],
    ['SHA-1 under the name of RSA2', { ...withSha1(), sign_type: 'RSA2' }, 'the sign is wrong'],
    ['an unknown sign_type', { ...signed(paid), sign_type: 'MD5' }, 'the sign_type is not RSA2'],
    [
      'a sign_type that is a method',
      { ...signed(paid), sign_type: 'toString' },
      'the sign_type is not RSA2',
    ],
    ['no sign_type', without(signed(paid), 'sign_type'), 'the sign_type is not RSA2'],
    ['no sign', without(signed(paid), 'sign'), 'the sign is missing'],
    ['an empty sign', { ...signed(paid), sign: '' }, 'the sign is missing'],
    ['a sign that is no base64', { ...signed(paid), sign: '%'.repeat(344) }, 'the sign is missing'],
    ['another charset', signed({ ...paid, charset: 'GBK' }), 'the charset is not utf-8'],
    [
      'another application',
      signed({ ...paid, app_id: '2021000000000002' }),
      'the app_id is not ours',
    ],
    [
      'another seller',
      signed({ ...paid, seller_id: '2088000000000002' }),
      'the seller_id is not ours',
    ],
    ['no seller', signed(without(paid, 'seller_id')), 'the seller_id is not ours'],
  ])('refuses %s', async (_what, form, reason) => {
    expect(await understand(form)).toBe(reason);
  });

  it.each(['app_id', 'seller_id', 'out_trade_no', 'total_amount', 'trade_no', 'trade_status'])(
    'refuses %s changed after signing',
    async (name) => {
      expect(await understand({ ...signed(paid), [name]: `${paid[name]}0` })).toBe(
        'the sign is wrong',
      );
    },
  );

  it('refuses what our own key signed', async () => {
    const forged = { ...paid, sign_type: 'RSA2', sign: signWith(paid, 'RSA-SHA256', ours) };
    expect(await understand(forged)).toBe('the sign is wrong');
  });

  it.each([
    '',
    ' ',
    'nonsense',
    pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey, 'spki'),
  ])('believes nobody while Alipay’s public key is %j', async (key) => {
    expect(await understand(signed(paid), connect({ alipay_public_key: key }))).toBe(
      'the sign is wrong',
    );
  });

  it.each<[string, string | Buffer]>([
    ['a field that comes twice', `${encoded(signed(paid))}&total_amount=1.00`],
    ['an array', `${encoded(without(signed(paid), 'total_amount'))}&total_amount[]=88.00`],
    ['a name of the prototype', `${encoded(signed(paid))}&__proto__=1`],
    ['a percent sign alone', `${encoded(signed(paid))}&subject2=%`],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0x3d, 0xff, 0xfe])],
    ['a body without end', `${encoded(signed(paid))}&body=${'x'.repeat(70_000)}`],
    ['fields without end', Array.from({ length: 200 }, (_, index) => `a${index}=1`).join('&')],
    ['nothing', ''],
  ])('refuses %s without an error', async (_what, body) => {
    const notification = { ...posted(''), body: Buffer.from(body as string) };
    expect(await connect().verify(notification)).toMatchObject({ verified: false });
  });

  it('refuses fields that were cut anew out of the same signed text', async () => {
    const whole: Form = signed({ ...paid, passback_params: 'x' });
    const { trade_no: _trade, trade_status: _status, ...rest } = whole;
    const cut = {
      ...rest,
      total_amount: `88.00&trade_no=${paid.trade_no}&trade_status=TRADE_SUCCESS`,
    };
    expect(textOf(cut)).toBe(textOf(whole));
    expect(await understand(cut)).toBe('a field could be two');
  });

  it.each(['GET', 'PUT'])('takes no %s', async (method) => {
    expect(await connect().verify({ ...posted(signed(paid)), method })).toMatchObject({
      verified: false,
    });
  });
});

describe('translate', () => {
  it('does not take the signed address of the way back for a payment', async () => {
    const back = { ...without(paid, 'trade_status'), method: 'alipay.trade.page.pay.return' };
    expect(await understand(signed(back))).toEqual({ kind: 'nothing' });
  });

  it.each(['0', '0.00', '-88.00', '1e3', '10.001', '１０', '', '100000000.01'])(
    'takes %j for no amount',
    async (total_amount) => {
      expect(await understand(signed({ ...paid, total_amount }))).toMatchObject({
        kind: 'implausible',
      });
    },
  );

  it.each<[string, object]>([
    ['TRADE_FINISHED', { kind: 'collected' }],
    ['WAIT_BUYER_PAY', { kind: 'nothing' }],
    ['TRADE_CLOSED', { kind: 'changed', number: paid.out_trade_no }],
    ['trade_success', { kind: 'nothing' }],
    ['TRADE_PENDING', { kind: 'nothing' }],
  ])('reads %s', async (trade_status, meaning) => {
    expect(await understand(signed({ ...paid, trade_status }))).toMatchObject(meaning);
  });

  const refunded = {
    ...paid,
    out_biz_no: 'refundrefundrefundrefund',
    refund_fee: '30.00',
    gmt_refund: '2026-11-21 15:00:00.123',
  };
  const refundAnswer = (fields: object) => {
    const text = JSON.stringify({ code: '10000', msg: 'Success', ...fields });
    const sign = createSign('RSA-SHA256').update(text).sign(theirs.privateKey, 'base64');
    return answering(
      `{"alipay_trade_fastpay_refund_query_response":${text},"sign":${JSON.stringify(sign)}}`,
    );
  };

  it.each(['TRADE_SUCCESS', 'TRADE_CLOSED'])(
    'reads a refund of %s as that refund alone, never as a second payment',
    async (trade_status) => {
      const found = {
        out_request_no: refunded.out_biz_no,
        refund_status: 'REFUND_SUCCESS',
        refund_amount: '10.00',
      };
      const connection = connect({}, refundAnswer(found));
      expect(await understand(signed({ ...refunded, trade_status }), connection)).toEqual({
        kind: 'refund',
        refund: {
          number: refunded.out_biz_no,
          reference: refunded.out_biz_no,
          payment: { number: paid.out_trade_no, providerTransaction: paid.trade_no },
          amount: { minor: 1_000n, currency: 'CNY' },
          status: 'succeeded',
        },
      });
    },
  );

  it.each(['0.00', '0', ''])('takes a refund_fee of %j for no refund', async (refund_fee) => {
    const news = { ...paid, refund_fee, gmt_close: '2026-11-21 15:00:00' };
    expect(await understand(signed(news))).toMatchObject({ kind: 'collected' });
    const closed = { ...news, trade_status: 'TRADE_CLOSED' };
    expect(await understand(signed(closed))).toMatchObject({ kind: 'changed' });
  });

  it('lets a refund come again that nobody could be asked about', async () => {
    expect(await connect().verify(posted(signed(refunded)))).toMatchObject({
      verified: false,
      isUncertain: true,
    });
  });

  it('makes nothing of a refund that Alipay does not know', async () => {
    const connection = connect({}, refundAnswer({}));
    expect(await understand(signed(refunded), connection)).toEqual({ kind: 'nothing' });
  });

  it('tells of agreements, which name no seller', async () => {
    const news = {
      ...{ app_id: paid.app_id ?? '', charset: 'utf-8', agreement_no: '20265326000000' },
      external_agreement_no: 'setupsetupsetupsetupsetu',
    };
    expect(await understand(signed({ ...news, notify_type: 'dut_user_sign' }))).toEqual({
      kind: 'changed',
      number: news.external_agreement_no,
    });
    expect(await understand(signed({ ...news, notify_type: 'dut_user_unsign' }))).toEqual({
      kind: 'method_removed',
      reference: news.agreement_no,
    });
  });
});

describe('readFields', () => {
  it('reads plus signs, percent signs and Chinese as they were posted', () => {
    expect(readFields(posted('subject=a+b%2B%25%E6%94%AF&n='))).toEqual({
      readable: true,
      fields: { subject: 'a b+%支', n: '' },
    });
  });
});

describe('the gateway', () => {
  const { rawBody = '', publicKeyPem } = vectorOf('alipay-gateway-response-rsa2');
  const upload = 'alipay.open.file.upload';
  const call = (text: string, key = publicKeyPem) =>
    openGateway(readAlipaySettings({ ...settings, alipay_public_key: key }), {
      outside: answering(text),
      wall: () => new Date(),
    }).call(upload, { biz: { a: 1 } });

  it('believes an answer that Alipay has really signed', async () => {
    expect(await call(rawBody)).toMatchObject({
      kind: 'answered',
      code: '10000',
      fields: { file_id: 'CAxAToWB1JsAAAAAAAAAAAAADgSLAQBr' },
    });
  });

  it.each([
    ['changed', rawBody.replace('10000', '10001')],
    ['without its signature', rawBody.replace(/,"sign":"[^"]+"/, '')],
    ['with an empty signature', rawBody.replace(/"sign":"[^"]+"/, '"sign":""')],
    ['cut off', rawBody.slice(0, 100)],
    ['that is no JSON', '<html>'],
    ['of another method', rawBody.replace('file_upload', 'file_download')],
  ])('believes none %s', async (_what, text) => {
    expect(await call(text)).toMatchObject({ kind: 'unproven' });
  });

  it('reads what was signed, not a second object of the same name', async () => {
    const doubled = rawBody.replace(
      /,"sign":/,
      ',"alipay_open_file_upload_response":{"code":"10000","file_id":"forged"},"sign":',
    );
    const answer = await call(doubled);
    expect(JSON.stringify(answer)).not.toContain('forged');
  });

  it('believes nobody while Alipay’s key is missing, as the SDK would', async () => {
    expect(await call(rawBody, '')).toEqual({ kind: 'silent' });
  });
});

function withSha1(): Form {
  return { ...paid, sign_type: 'RSA', sign: signWith(paid, 'RSA-SHA1') };
}

function without(form: Form, name: string): Form {
  const { [name]: _left, ...rest } = form;
  return rest;
}

function encoded(form: Form): string {
  return new URLSearchParams(form).toString();
}
