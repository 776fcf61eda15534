import { createCipheriv, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Aes, Formatter } from 'wechatpay-axios-plugin';
import type { Notification } from '../../provider.ts';
import { readPlatformKeys } from './keys.ts';
import { openResource, signatureProblem, verifyNotification } from './notification.ts';
import known from './vectors.json' with { type: 'json' };

const merchant = { mchid: '1900000109', appid: 'wx8888888888888888' };
const apiV3Key = '0123456789abcdef0123456789ABCDEF';
const keyId = 'PUB_KEY_ID_0119000001092024';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const platform = readPlatformKeys({ keyId, publicKey, certificates: '' });
const nowSeconds = 1_800_000_000;

const vector = (id: string) => {
  const found = known.vectors.find((each) => each.id === id);
  if (!found) throw new Error(`there is no vector ${id}`);
  return found;
};
/** As Node names headers. */
const lower = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe('the known answers', () => {
  const full = vector('wechat-notify-full');
  const keys = readPlatformKeys({
    ...{ keyId: '', publicKey: '' },
    certificates: full.platformCertPem ?? '',
  });
  const judge = (id: string, at: number) => {
    const { headers, rawBody = '' } = vector(id);
    const notification = { headers: lower(headers as never), body: Buffer.from(rawBody) };
    return signatureProblem(notification, keys, at);
  };
  const signedAt = Number(lower(full.headers as never)['wechatpay-timestamp']);

  it('wechat-notify-full: the signature is the platform certificate’s', () => {
    expect(judge('wechat-notify-full', signedAt)).toBeUndefined();
    expect(judge('wechat-notify-full', signedAt + 301)).toMatch('five minutes');
  });

  it('wechat-notify-full: the text opens, with the key of sixteen bytes that it was made with', () => {
    const { resource } = JSON.parse(full.rawBody ?? '');
    const opened = openResource(resource, full.apiV3Key ?? '', 'aes-128-gcm');
    expect(opened?.toString('utf8')).toBe(full.expectedPlaintext);
  });

  it('wechat-notify-full: no key of sixteen bytes opens anything for us', () => {
    const { resource } = JSON.parse(full.rawBody ?? '');
    expect(openResource(resource, full.apiV3Key ?? '', 'aes-256-gcm')).toBeUndefined();
    const verification = verifyNotification(
      {
        ...{ method: 'POST', query: '', headers: lower(full.headers as never) },
        body: Buffer.from(full.rawBody ?? ''),
      },
      { platform: keys, apiV3Key: full.apiV3Key ?? '' },
      { merchant, nowSeconds: signedAt },
    );
    expect(verification).toMatchObject({ verified: false, reason: expect.stringMatching('APIv3') });
  });

  it('wechat-notify-tampered: the signature is wrong', () => {
    expect(judge('wechat-notify-tampered', signedAt)).toBe('the signature is wrong');
  });

  it('wechat-aes-go: associated data and nonce are used as they are written', () => {
    const { nonce = '', aad = '', ciphertext = '', key = '', expected } = vector('wechat-aes-go');
    const opened = openResource({ nonce, associated_data: aad, ciphertext }, key, 'aes-128-gcm');
    expect(opened?.toString('utf8')).toBe(expected);
  });

  it('wechat-authorization-canonical: the SDK signs the documented text', () => {
    const { cases = [] } = vector('wechat-authorization-canonical');
    expect(cases).toHaveLength(2);
    for (const { method, url, timestamp, nonce, body, expected } of cases) {
      expect(Formatter.request(method, url, timestamp, nonce, body)).toBe(expected);
    }
  });
});

const transaction = {
  ...{ ...merchant, out_trade_no: 'n'.repeat(24), transaction_id: '4200001' },
  trade_state: 'SUCCESS',
  amount: { total: 100, payer_total: 100, currency: 'CNY' },
};

interface Made {
  plain?: string;
  key?: string;
  timestamp?: string;
  envelope?: Record<string, unknown>;
  resource?: Record<string, unknown>;
}

/** A notification as the platform makes one, with what a test bends before it is signed. */
function make(bent: Made = {}): Notification {
  const { plain = JSON.stringify(transaction), key = apiV3Key } = bent;
  const { timestamp = String(nowSeconds), envelope, resource } = bent;
  const cipher = createCipheriv('aes-256-gcm', key, 'abcdefghijkl');
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const body = JSON.stringify({
    ...{ id: 'EV-1', event_type: 'TRANSACTION.SUCCESS', resource_type: 'encrypt-resource' },
    resource: {
      ...{ algorithm: 'AEAD_AES_256_GCM', nonce: 'abcdefghijkl' },
      ...{ associated_data: 'transaction', ciphertext: sealed.toString('base64'), ...resource },
    },
    ...envelope,
  });
  return signed(Buffer.from(body), timestamp);
}

function signed(body: Buffer, timestamp = String(nowSeconds)): Notification {
  const nonce = 'EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz';
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  return {
    ...{ method: 'POST', query: '', body },
    headers: {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': keyId,
      'wechatpay-signature': sign('sha256', text, pair.privateKey).toString('base64'),
    },
  };
}

const verify = (notification: Notification) =>
  verifyNotification(notification, { platform, apiV3Key }, { merchant, nowSeconds });
const reasonOf = (notification: Notification) => {
  const verification = verify(notification);
  return verification.verified ? undefined : verification.reason;
};
const withHeader = (name: string, value: string | string[] | undefined): Notification => {
  const notification = make();
  return { ...notification, headers: { ...notification.headers, [name]: value } };
};

describe('verifyNotification', () => {
  it('opens what the platform signed and sealed', () => {
    expect(verify(make())).toEqual({
      verified: true,
      claims: { event_type: 'TRANSACTION.SUCCESS', resource: transaction },
    });
  });

  it('opens what the SDK sealed', () => {
    const ciphertext = Aes.AesGcm.encrypt(
      JSON.stringify(transaction),
      apiV3Key,
      'abcdefghijkl',
      'certificate',
    );
    const made = make({ resource: { ciphertext, associated_data: 'certificate' } });
    expect(verify(made)).toMatchObject({ verified: true });
  });

  it.each([
    ['a probe, whose signature must not verify', 'wechatpay-signature', 'WECHATPAY/SIGNTEST/aaaa'],
    ['no signature', 'wechatpay-signature', undefined],
    ['two signatures', 'wechatpay-signature', ['a', 'b']],
    ['a signature that is no base64', 'wechatpay-signature', '***'],
    ['an empty signature', 'wechatpay-signature', ''],
    ['no serial', 'wechatpay-serial', undefined],
    ['a wrong serial', 'wechatpay-serial', 'PUB_KEY_ID_0000000000'],
    ['the name of something every object has', 'wechatpay-serial', 'constructor'],
    ['no nonce', 'wechatpay-nonce', undefined],
    ['a nonce with a line break', 'wechatpay-nonce', 'a\nb'],
    ['no timestamp', 'wechatpay-timestamp', undefined],
    ['another timestamp', 'wechatpay-timestamp', String(nowSeconds + 1)],
    ['a timestamp that is no number', 'wechatpay-timestamp', '1.8e9'],
  ])('attack 19: refuses %s', (_what, name, value) => {
    expect(verify(withHeader(name, value))).toMatchObject({ verified: false });
  });

  it.each([-300, 300])('takes a clock that is %i seconds away', (offset) => {
    expect(reasonOf(make({ timestamp: String(nowSeconds + offset) }))).toBeUndefined();
  });

  it.each([-301, 301, -86_400])('attack 19: refuses a clock %i seconds away', (offset) => {
    expect(reasonOf(make({ timestamp: String(nowSeconds + offset) }))).toMatch('five minutes');
  });

  it('attack 19: refuses every single flipped bit of the sealed text, though it is signed well', () => {
    const { resource } = JSON.parse(make().body.toString('utf8'));
    const bytes = Buffer.from(resource.ciphertext, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 37) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const made = make({ resource: { ciphertext: flipped.toString('base64') } });
      expect(reasonOf(made), `bit ${bit}`).toBe('the APIv3 key does not open it');
    }
  });

  it.each<[string, Made]>([
    ['another key', { key: 'f'.repeat(32) }],
    ['another nonce', { resource: { nonce: 'bcdefghijklm' } }],
    ['other associated data', { resource: { associated_data: 'refund' } }],
    ['a text without a tag', { resource: { ciphertext: 'AAAA' } }],
  ])('attack 19: refuses %s', (_what, bent) => {
    expect(reasonOf(make(bent))).toBe('the APIv3 key does not open it');
  });

  it.each<[string, Made]>([
    ['another algorithm', { resource: { algorithm: 'AEAD_SM4_GCM' } }],
    ['no resource', { envelope: { resource: undefined } }],
    ['a resource that is in the open', { envelope: { resource_type: 'plain-resource' } }],
    ['no event', { envelope: { event_type: 7 } }],
  ])('refuses %s', (_what, bent) => {
    expect(reasonOf(make(bent))).toBe('the body is no encrypted notification');
  });

  it.each([
    [
      'attack 23: another merchant',
      { ...transaction, mchid: '1900000110' },
      'the mchid is not ours',
    ],
    ['attack 23: another application', { ...transaction, appid: 'wx1' }, 'the appid is not ours'],
    ['no merchant', { ...transaction, mchid: undefined }, 'the mchid is not ours'],
    ['a list', [], 'the mchid is not ours'],
    ['no object', 7, 'it holds no JSON object'],
  ])('refuses %s', (_what, plain, reason) => {
    expect(reasonOf(make({ plain: JSON.stringify(plain) }))).toBe(reason);
  });

  it('attack 26: refuses bytes that are no UTF-8, even signed ones', () => {
    expect(reasonOf(signed(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])))).toMatch('no encrypted');
    const { body, headers } = make();
    // The signature is over the bytes as they came, not over what they read as.
    expect(reasonOf({ ...make(), body: Buffer.concat([body, Buffer.from(' ')]), headers })).toBe(
      'the signature is wrong',
    );
  });

  it('attack 1: verifies nothing without a platform key, or with a blank APIv3 key', () => {
    const judge = (keys: Parameters<typeof verifyNotification>[1]) =>
      verifyNotification(make(), keys, { merchant, nowSeconds });
    expect(judge({ platform: new Map(), apiV3Key })).toMatchObject({ verified: false });
    for (const blank of ['', ' ', ' '.repeat(32), 'k'.repeat(16)]) {
      expect(judge({ platform, apiV3Key: blank })).toMatchObject({ verified: false });
    }
  });
});
