import { createDecipheriv, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { drawWechatAccount } from './account.ts';
import { judgeAuthorization } from './authorization.ts';
import { answerText, isSignedBy, requestText, seal, signText } from './signature.ts';
import { newsVector, requestVectors } from './wechat-vectors.ts';

const account = drawWechatAccount();
const { merchant } = account;

describe('the known answers', () => {
  test.each(requestVectors)('what is signed of a $request.method', ({ request, text }) => {
    expect(requestText(request)).toBe(text);
  });

  test('the signature of published news is of its certificate’s key, and of nothing else', () => {
    const { timestamp, nonce, signature, body, tamperedBody, certificate } = newsVector;
    expect(isSignedBy(answerText(timestamp, nonce, body), signature, certificate)).toBe(true);
    for (const text of [
      answerText(timestamp, nonce, tamperedBody),
      answerText(`${timestamp}0`, nonce, body),
      answerText(timestamp, 'nonce', body),
    ]) {
      expect(isSignedBy(text, signature, certificate)).toBe(false);
    }
  });
});

describe('seal', () => {
  test('hides a text under a key of 32 bytes, with its tag at the end', () => {
    const { ciphertext, nonce, associated_data } = seal('付款', merchant.api_v3_key, 'refund');
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', merchant.api_v3_key, nonce);
    decipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16));
    const plain =
      decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    expect([plain, nonce.length]).toEqual(['付款', 12]);
  });

  test('takes no key of 16 bytes', () => {
    expect(() => seal('text', 'testMchAPIv3Key0', '')).toThrow('Invalid key length');
  });
});

describe('the merchant’s account', () => {
  test('has a certificate of the platform’s own key, under its serial number', () => {
    const { serialNumber, publicKey, subject } = new X509Certificate(account.platformCertificate);
    expect(serialNumber).toBe(account.platformSerial);
    expect(publicKey.export({ type: 'spki', format: 'pem' })).toBe(merchant.platform_public_key);
    expect(subject).toContain('Tenpay.com sign');
    expect(new X509Certificate(account.platformCertificate).verify(publicKey)).toBe(true);
  });

  test('has ids and keys in the forms that the platform’s have', () => {
    expect(merchant).toMatchObject({
      mchid: expect.stringMatching(/^\d{10}$/),
      appid: expect.stringMatching(/^wx[0-9a-f]{16}$/),
      merchant_serial: expect.stringMatching(/^[0-9A-F]{40}$/),
      api_v3_key: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
      platform_key_id: expect.stringMatching(/^PUB_KEY_ID_\d+$/),
    });
  });
});

const nowMs = 1_800_000_000_000;

/** A call as a merchant signs it. */
function call(
  bent: Partial<Record<'mchid' | 'serial' | 'timestamp' | 'nonce' | 'key', string>> = {},
) {
  const { mchid = merchant.mchid, serial = merchant.merchant_serial } = bent;
  const { timestamp = String(nowMs / 1_000), nonce = 'n'.repeat(32) } = bent;
  const { key = merchant.private_key } = bent;
  const signed = { method: 'POST', url: '/v3/pay?a=1', body: '{"a":1}' };
  const signature = signText(requestText({ ...signed, timestamp, nonce }), key);
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",serial_no="${serial}",timestamp="${timestamp}",nonce_str="${nonce}",signature="${signature}"`;
  return { ...signed, authorization };
}

const judge = (called: Parameters<typeof judgeAuthorization>[0], used = new Set<string>()) =>
  judgeAuthorization(called, merchant, { nowMs, isUsed: (nonce) => used.has(nonce) });

describe('judgeAuthorization', () => {
  test('lets the merchant in, whatever the order of the fields', () => {
    expect(judge(call())).toEqual({ authorized: true, nonce: 'n'.repeat(32) });
    const [scheme = '', fields = ''] = call().authorization.split(' ');
    const turned = `${scheme} ${fields.split(',').reverse().join(',')}`;
    expect(judge({ ...call(), authorization: turned })).toMatchObject({ authorized: true });
  });

  test.each<[string, Parameters<typeof judgeAuthorization>[0]]>([
    ['nobody', { ...call(), authorization: undefined }],
    ['another scheme', { ...call(), authorization: 'Bearer x' }],
    ['another merchant', call({ mchid: '1900000109' })],
    ['another certificate', call({ serial: 'F'.repeat(40) })],
    ['a call of ten minutes ago', call({ timestamp: String(nowMs / 1_000 - 600) })],
    ['a call of tomorrow', call({ timestamp: String(nowMs / 1_000 + 86_400) })],
    ['a time that is no number', call({ timestamp: 'now' })],
    ['a short nonce', call({ nonce: 'n' })],
    ['another key', call({ key: account.platformPrivateKey })],
    ['another body', { ...call(), body: '{"a":2}' }],
    ['another address', { ...call(), url: '/v3/pay?a=2' }],
    ['another method', { ...call(), method: 'GET' }],
    ['a field that comes twice', { ...call(), authorization: `${call().authorization},mchid="x"` }],
  ])('refuses %s', (_who, called) => {
    expect(judge(called)).toMatchObject({ authorized: false, code: 'SIGN_ERROR' });
  });

  test('takes a nonce once', () => {
    expect(judge(call(), new Set(['n'.repeat(32)]))).toMatchObject({ authorized: false });
  });

  test('takes no signature of a key that is not the merchant’s', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(judge(call({ key }))).toMatchObject({ authorized: false, message: '签名错误' });
  });
});
