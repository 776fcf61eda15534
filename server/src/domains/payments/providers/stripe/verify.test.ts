import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { textOf, withDefaults } from '../../core/settings.ts';
import { stripe } from './index.ts';
import { readStripeSettings, stripeSettings } from './settings.ts';
import { verifyEvent } from './verify.ts';

const written = {
  account: 'acct_1TestAccount00',
  secret_key: `sk_test_${'k'.repeat(24)}`,
  webhook_secret: 'whsec_abcdefgh',
};
const settingsOf = (changes: Record<string, string> = {}) =>
  readStripeSettings(withDefaults(stripeSettings, { ...written, ...changes }));
const event = {
  id: 'evt_1',
  object: 'event',
  livemode: false,
  type: 'payment_intent.succeeded',
  data: { object: { id: 'pi_1' } },
};

function notificationOf(body: object, method = 'POST') {
  const payload = JSON.stringify(body);
  const secret = textOf(written, 'webhook_secret');
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  const headers = { 'stripe-signature': header };
  return { method, query: '', headers, body: Buffer.from(payload) };
}

const verdict = (body: object, changes?: Record<string, string>) =>
  verifyEvent(settingsOf(changes), notificationOf(body));

describe('verifyEvent', () => {
  it('takes an event of our account in our mode', async () => {
    expect(await verdict(event)).toEqual({ verified: true, claims: event });
    const live = { secret_key: `rk_live_${'k'.repeat(24)}` };
    expect(await verdict({ ...event, livemode: true }, live)).toMatchObject({ verified: true });
  });

  it.each([
    ['a live event with a test key', { ...event, livemode: true }, {}],
    ['a test event with a live key', event, { secret_key: `sk_live_${'k'.repeat(24)}` }],
    ['an event that says no mode', { ...event, livemode: undefined }, {}],
    ['an event whose mode is text', { ...event, livemode: 'false' }, {}],
    ['an event of a connected account', { ...event, account: 'acct_1Other' }, {}],
    ['something that is no event', { ...event, object: 'charge' }, {}],
    ['an event without its object', { ...event, data: null }, {}],
    ['an event without a name', { ...event, id: 7 }, {}],
    ['a list', [event], {}],
  ])('refuses %s, however well it is signed', async (_what, body, changes) => {
    expect(await verdict(body, changes)).toMatchObject({ verified: false });
  });

  it('refuses what does not come by POST', async () => {
    const outcome = await verifyEvent(settingsOf(), notificationOf(event, 'GET'));
    expect(outcome).toEqual({ verified: false, reason: 'it is no POST' });
  });
});

describe('check', () => {
  const check = (changes: Record<string, string>, mode: 'sandbox' | 'live') =>
    stripe.online?.check(withDefaults(stripeSettings, { ...written, ...changes }), {
      mode,
      publicUrl: 'https://pay.example.com',
    });
  const live = { secret_key: `sk_live_${'k'.repeat(24)}` };

  it('takes live keys where money is real, and test keys where it is not', () => {
    expect(check(live, 'live')).toBeUndefined();
    expect(check({}, 'sandbox')).toBeUndefined();
  });

  it.each([
    ['a test key in live mode', {}, 'live', /live key/],
    ['a live key in a sandbox', live, 'sandbox', /test key/],
    ['an address without https in live mode', { ...live, api_url: 'http://a.b' }, 'live', /https/],
    ['a blank signing secret', { ...live, webhook_secret: ' ' }, 'live', /protects nothing/],
    ['a blank key', { secret_key: '' }, 'sandbox', /protects nothing/],
    ['a currency that Stripe does not take', { currency: 'UGX' }, 'sandbox', /UGX/],
  ] as const)('refuses %s', (_what, changes, mode, sentence) => {
    expect(check(changes, mode)).toMatch(sentence);
  });

  it.each([
    ['account', 'acct_'],
    ['secret_key', 'pk_test_0123456789abcdef'],
    ['secret_key', 'sk_test_'],
    ['webhook_secret', 'whsec_'],
    ['webhook_secret', '0123456789abcdef'],
    ['webhook_secret', 'whsec_0123 4567'],
  ])('does not even let %s be %s', (key, value) => {
    const definition = stripeSettings.find((each) => each.key === key);
    expect(definition?.pattern?.test(value)).toBe(false);
  });
});
