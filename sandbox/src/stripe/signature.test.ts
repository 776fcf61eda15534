import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { headerOf, hmacOf } from './signature.ts';
import { headerVectors, hmacVectors } from './signature-vectors.ts';
import { apiVersion } from './version.ts';

describe('hmacOf', () => {
  test.each(hmacVectors)('$name', ({ message, secret, expected }) => {
    expect(hmacOf(message, secret)).toBe(expected);
  });
});

describe('headerOf', () => {
  test.each(headerVectors)('$name', ({ seconds, body, secret, expected }) => {
    expect(headerOf({ seconds, body }, [secret])).toBe(expected);
  });

  test('is taken by the SDK, with one secret or several', () => {
    const body = '{"id":"evt_1","object":"event"}';
    const seconds = Math.floor(Date.now() / 1_000);
    const header = headerOf({ seconds, body }, ['whsec_old', 'whsec_new']);
    for (const secret of ['whsec_old', 'whsec_new']) {
      expect(Stripe.webhooks.constructEvent(body, header, secret)).toMatchObject({ id: 'evt_1' });
    }
    expect(() => Stripe.webhooks.constructEvent(body, header, 'whsec_other')).toThrow();
  });
});

describe('apiVersion', () => {
  test('is the one that the SDK asks for', () => {
    expect(apiVersion).toBe(Stripe.API_VERSION);
  });
});
