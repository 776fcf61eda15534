import { describe, expect, test } from 'vitest';
import { drawAlipayCredentials, openAccount } from './account.ts';
import { success, writeAnswer } from './answer.ts';
import { canonicalText, isSignedRequest, isSignedText, signNotify } from './signature.ts';
import { answerVector, notifyVector } from './signature-vectors.ts';

const credentials = drawAlipayCredentials();
const account = openAccount(() => credentials);

describe('canonicalText', () => {
  test('is what Alipay signs in a notification', () => {
    const { form, signedText, publicKey } = notifyVector;
    const text = canonicalText(form, ['sign', 'sign_type']);
    expect(text).toBe(signedText);
    expect(isSignedText(text, form.sign ?? '', publicKey)).toBe(true);
    expect(isSignedText(text.replace('0.10', '9.10'), form.sign ?? '', publicKey)).toBe(false);
  });
});

describe('writeAnswer', () => {
  test('has the form of a real answer, of which only the inner text is signed', () => {
    const { text, sign, publicKey } = answerVector;
    expect(isSignedText(text, sign, publicKey)).toBe(true);

    const answer = writeAnswer('alipay.trade.query', success({ url: 'https://a/b' }), account);
    const [, inner = '', signed = ''] =
      /^\{"alipay_trade_query_response":(\{.*\}),"sign":"([^"]+)"\}$/.exec(answer) ?? [];
    expect(inner).toBe('{"code":"10000","msg":"Success","url":"https:\\/\\/a\\/b"}');
    const key = `-----BEGIN PUBLIC KEY-----\n${credentials.merchant.alipay_public_key}\n-----END PUBLIC KEY-----`;
    expect(isSignedText(inner, signed, key)).toBe(true);
  });
});

describe('isSignedRequest', () => {
  const fields = {
    app_id: account.appId,
    sign_type: 'RSA2',
    biz_content: '{"a":"支付 100%"}',
    format: '',
  };
  const signWithoutType = (all: Record<string, string>) => ({
    ...all,
    sign: signNotify(all, credentials.merchant.private_key),
  });

  test('refuses what was signed without its sign_type, by another key, or not at all', () => {
    expect(isSignedRequest(signWithoutType(fields), account.merchantPublicKey)).toBe(false);
    const byAlipay = { ...fields, sign: signNotify(fields, credentials.private_key) };
    expect(isSignedRequest(byAlipay, account.merchantPublicKey)).toBe(false);
    expect(isSignedRequest(fields, account.merchantPublicKey)).toBe(false);
  });
});
