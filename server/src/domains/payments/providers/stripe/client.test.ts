import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../core/settings.ts';
import type { FullAnswer, Outside, OutsideCall } from '../../outside.ts';
import { openClient } from './client.ts';
import { readStripeSettings, stripeSettings } from './settings.ts';

const key = `sk_test_${'k'.repeat(24)}`;

/** The outside world as far as a client sees it: it is called, and answers or does not. */
function openWith(answer: Partial<FullAnswer> | undefined, apiUrl = 'https://api.stripe.com') {
  const calls: OutsideCall[] = [];
  const outside: Outside = {
    resolve: (url) => url,
    get: async () => undefined,
    async send(call) {
      calls.push(call);
      return answer && { status: 200, text: '{}', headers: {}, bytes: Buffer.alloc(0), ...answer };
    },
  };
  const written = {
    account: 'acct_1TestAccount00',
    secret_key: key,
    webhook_secret: 'whsec_abcdefgh',
    api_url: apiUrl,
  };
  const settings = readStripeSettings(withDefaults(stripeSettings, written));
  return openClient(settings, outside).then((client) => ({ calls, client }));
}

describe('openClient', () => {
  it('calls where the settings say, and tells nothing of this host', async () => {
    const { calls, client } = await openWith({}, 'https://pay.example.com/sandbox/stripe/');
    const options = { idempotencyKey: 'number' };
    await client.sdk.refunds.create({ payment_intent: 'pi_1', amount: 1 }, options);
    expect(calls).toEqual([
      {
        method: 'POST',
        url: 'https://pay.example.com/sandbox/stripe/v1/refunds',
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${key}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': 'number',
          'stripe-version': expect.any(String),
        },
        body: 'payment_intent=pi_1&amount=1',
        answerBytesMax: 4_194_304,
      },
    ]);
  });

  it('keeps the question of a query in its address', async () => {
    const { calls, client } = await openWith({ text: '{"object":"list","data":[]}' });
    await client.sdk.refunds.list({ payment_intent: 'pi_1', limit: 2 });
    expect(calls[0]).toMatchObject({
      ...{ method: 'GET', url: 'https://api.stripe.com/v1/refunds?payment_intent=pi_1&limit=2' },
    });
    expect(calls[0]).not.toHaveProperty('body');
  });

  it.each([
    ['there is no answer', undefined],
    ['the answer is no JSON', { text: '<html>' }],
    ['the answer is empty', { text: '' }],
    ['the server fails, and would have it tried again', { status: 500, text: '{"error":{}}' }],
    ['the key is in use', { status: 409, text: '{"error":{"type":"idempotency_error"}}' }],
    ['there were too many', { status: 429, text: '{"error":{"type":"rate_limit_error"}}' }],
  ])('repeats nothing by itself where %s', async (_what, answer) => {
    const headers = { 'stripe-should-retry': 'true' };
    const { calls, client } = await openWith(answer && { headers, ...answer });
    await expect(client.sdk.refunds.create({ payment_intent: 'pi_1' })).rejects.toThrow();
    expect(calls).toHaveLength(1);
  });

  it('has no word of a call that failed in its error', async () => {
    const { client } = await openWith(undefined);
    const error = await client.sdk.balance.retrieve().catch((each: unknown) => each);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(key);
  });

  it('prints none of the notices that an answer may carry', async () => {
    const warned: unknown[] = [];
    const hear = (warning: unknown) => warned.push(warning);
    process.on('warning', hear);
    const { client } = await openWith({ headers: { 'stripe-notice': `Look at ${key}` } });
    await client.sdk.balance.retrieve();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warned).toEqual([]);
  });

  it('knows what the clock there showed last', async () => {
    const { client } = await openWith({ headers: { date: 'Sat, 21 Nov 2026 16:00:00 GMT' } });
    expect(client.heardAt()).toBeUndefined();
    await client.sdk.balance.retrieve();
    expect(client.heardAt()).toEqual(new Date('2026-11-21T16:00:00Z'));
  });
});
