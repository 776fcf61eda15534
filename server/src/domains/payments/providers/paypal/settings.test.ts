import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { outside } from '../../outside.ts';
import { paypal } from './index.ts';

let sandbox: Sandbox;
let api = '';
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  api = `http://127.0.0.1:${sandbox.port}/sandbox/paypal`;
});
afterAll(() => sandbox.close());

describe('check', () => {
  const publicUrl = 'https://shop.example';
  const check = (mode: 'live' | 'sandbox', api_url: string, currency = 'USD') =>
    paypal.online?.check({ api_url, currency }, { mode, publicUrl });

  it.each([
    ['live', 'https://api-m.paypal.com', undefined],
    ['live', 'http://api-m.paypal.com', 'must begin with https'],
    ['live', 'https://api-m.sandbox.paypal.com', 'not real'],
    ['live', 'https://api.sandbox.paypal.com', 'not real'],
    ['sandbox', 'https://api-m.sandbox.paypal.com', undefined],
    ['sandbox', 'http://localhost:9000/sandbox/paypal', undefined],
    ['sandbox', 'https://api-m.paypal.com', 'no real money'],
  ] as const)('in %s mode, %s: %s', (mode, api_url, problem) => {
    if (problem === undefined) expect(check(mode, api_url)).toBeUndefined();
    else expect(check(mode, api_url)).toContain(problem);
  });

  it.each(['HUF', 'TWD', 'CNY', 'KWD'])('converts into no %s', (currency) => {
    expect(check('live', 'https://api-m.paypal.com', currency)).toContain(currency);
  });
});

describe('probe', () => {
  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 'the secret'],
    ['a wrong webhook', { webhook_id: '1AB23456CD789012E' }, 'webhook ID'],
    ['nobody there', { api_url: 'http://127.0.0.1:9' }, 'did not answer'],
  ])('says that it is %s', async (_what, changes, reason) => {
    const settings = { ...sandbox.paypal, api_url: api, currency: 'USD', ...changes };
    const probed = await paypal.online?.connect(settings, outside).probe();
    expect(probed?.answers === false && probed.reason).toContain(reason);
  });
});
