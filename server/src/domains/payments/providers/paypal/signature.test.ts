import { verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isCertificateUrl, readTransmission } from './signature.ts';
import { signedText } from './testing/signed-text.ts';
import known from './vectors.json' with { type: 'json' };
import { verifyRequest } from './webhook.ts';

const own = 'https://shop.example/sandbox/paypal/v1/notifications/certs/';

describe.each(known.vectors)('the known notification $id', (vector) => {
  const { headers, webhookId, rawBody, signedString, publicKeyPem } = vector;
  const body = Buffer.from(rawBody, 'utf8');
  const sent = {
    id: headers['paypal-transmission-id'],
    time: headers['paypal-transmission-time'],
  };

  it('has the checksum and the signed text that PayPal made of it', () => {
    expect(String(crc32(body))).toBe(vector.crc32Decimal);
    expect(signedText(sent, webhookId, body)).toBe(signedString);
  });

  it('is verified by the key that signed it, and by nothing else of it', () => {
    const signature = Buffer.from(headers['paypal-transmission-sig'], 'base64');
    const isSigned = (text: string) =>
      verify('sha256', Buffer.from(text, 'utf8'), publicKeyPem, signature);
    expect(isSigned(signedText(sent, webhookId, body))).toBe(true);
    const touched = Buffer.from(rawBody.replace('20.00', '20.01'), 'utf8');
    const others = [
      signedText(sent, webhookId, touched),
      signedText(sent, '4JH86294D6297924H', body),
      signedText({ ...sent, id: `${sent.id}0` }, webhookId, body),
      signedText({ ...sent, time: '2015-05-18T15:45:14Z' }, webhookId, body),
    ];
    expect(others.map(isSigned)).toEqual([false, false, false, false]);
  });

  it('has headers that are read', () => {
    expect(readTransmission(headers, own)).toEqual({
      readable: true,
      transmission: {
        ...sent,
        signature: headers['paypal-transmission-sig'],
        certificateUrl: headers['paypal-cert-url'],
        algorithm: 'SHA256withRSA',
      },
    });
  });

  it.each<[string, string | string[] | undefined]>([
    ['paypal-transmission-sig', undefined],
    ['paypal-transmission-sig', ''],
    ['paypal-transmission-sig', 'not base64!'],
    ['paypal-transmission-sig', [headers['paypal-transmission-sig']]],
    ['paypal-transmission-id', `${headers['paypal-transmission-id']}|2015`],
    ['paypal-transmission-time', 'yesterday'],
    ['paypal-auth-algo', 'SHA1withRSA'],
    ['paypal-auth-algo', 'none'],
    ['paypal-cert-url', 'https://evil.example/v1/notifications/certs/CERT-1'],
  ])('is not read with %s as %j', (name, value) => {
    expect(readTransmission({ ...headers, [name]: value }, own).readable).toBe(false);
  });

  it('goes to PayPal byte for byte', () => {
    const read = readTransmission(headers, own);
    const text = rawBody.replaceAll('/', '\\/').replace('{', '{ "a" : 1.0 ,\n');
    const request = read.readable ? verifyRequest(read.transmission, webhookId, text) : '';
    expect(request.endsWith(`,"webhook_event":${text}}`)).toBe(true);
    expect(JSON.parse(request)).toMatchObject({
      webhook_id: webhookId,
      cert_url: headers['paypal-cert-url'],
      webhook_event: { a: 1, event_type: 'PAYMENT.SALE.COMPLETED' },
    });
  });
});

describe('isCertificateUrl', () => {
  const path = '/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77';

  it.each([
    `https://api.paypal.com${path}`,
    `https://api-m.paypal.com${path}`,
    `https://api.sandbox.paypal.com${path}`,
    `https://api-m.sandbox.paypal.com${path}`,
    `${own}CERT-1`,
  ])('takes %s', (address) => {
    expect(isCertificateUrl(address, own)).toBe(true);
  });

  it.each([
    `http://api.paypal.com${path}`,
    `https://api.paypal.com.attacker.example${path}`,
    `https://evil.paypal.com.attacker.io${path}`,
    `https://evil.paypal.com${path}`,
    `https://paypal.com${path}`,
    `https://api.paypal.com@attacker.example${path}`,
    `https://user:word@api.paypal.com${path}`,
    `https://api.paypal.com:8443${path}`,
    `https://api.paypal.com:443${path}`,
    `https://API.PAYPAL.COM${path}`,
    `https://api.paypal.com.${path}`,
    `https://api.paypal.com${path}?to=https://attacker.example`,
    `https://api.paypal.com${path}#x`,
    `https://api.paypal.com/v1/notifications/certs/../../../attacker`,
    `https://api.paypal.com/v1/notifications/certs/%2e%2e/attacker`,
    `https://api.paypal.com/v1/notifications/certs/`,
    `https://api.paypal.com/v1/notifications/certsX/CERT-1`,
    `https://api.paypal.com//v1/notifications/certs/CERT-1`,
    `https:\\\\api.paypal.com${path}`,
    ` https://api.paypal.com${path}`,
    `https://api.paypal.com\t${path}`,
    `https://аpi.paypal.com${path}`,
    `file://api.paypal.com${path}`,
    'https://127.0.0.1/v1/notifications/certs/CERT-1',
    'https://[::1]/v1/notifications/certs/CERT-1',
    `${own}../../../attacker`,
    `${own}CERT-1?x`,
    `${own}`,
    '',
  ])('refuses %j', (address) => {
    expect(isCertificateUrl(address, own)).toBe(false);
  });
});
