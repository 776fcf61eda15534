import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';

type Json = Record<string, unknown>;
interface Heard {
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-paypal-'));
let sandbox: Sandbox;
let merchant: Awaited<ReturnType<typeof startMerchant>>;

/** A merchant that answers notifications as told and remembers them. */
async function startMerchant() {
  const state = { status: 200, heard: [] as Heard[] };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    state.heard.push({ headers: request.headers, text });
    response.writeHead(state.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, close: () => server.close() });
}

beforeEach(async () => {
  merchant = await startMerchant();
  sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
  await listenAt(merchant.url);
});
afterEach(async () => {
  await sandbox.close();
  merchant.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const address = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/paypal${path}`;
const post = async (path: string, body: object) => {
  const answer = await fetch(address(path), { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Json };
};

async function call(method: string, path: string, body?: object | string, headers: object = {}) {
  const { client_id, client_secret } = sandbox.paypal;
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  const granted = await fetch(address('/v1/oauth2/token'), {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  const answer = await fetch(address(path), {
    method,
    headers: { authorization: `Bearer ${access_token}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

function listenAt(url: string) {
  const path = `/v1/notifications/webhooks/${sandbox.paypal.webhook_id}`;
  return call('PATCH', path, [{ op: 'replace', path: '/url', value: url }]);
}

let drawn = 0;
async function order(paypal?: object) {
  drawn += 1;
  const number = `order${drawn}`;
  const amount = { currency_code: 'USD', value: '20.00' };
  const made = await call('POST', '/v2/checkout/orders', {
    intent: 'CAPTURE',
    purchase_units: [{ custom_id: number, invoice_id: number, amount }],
    ...(paypal ? { payment_source: { paypal } } : {}),
  });
  return { number, id: String(made.body.id), made };
}

/** Hands a notification to the vendor's own verification, as its text came. */
async function verify({ headers, text }: Heard, changes: Json = {}): Promise<unknown> {
  const fields = {
    auth_algo: headers['paypal-auth-algo'],
    cert_url: headers['paypal-cert-url'],
    transmission_id: headers['paypal-transmission-id'],
    transmission_sig: headers['paypal-transmission-sig'],
    transmission_time: headers['paypal-transmission-time'],
    webhook_id: sandbox.paypal.webhook_id,
    webhook_event: 'the event',
    ...changes,
  };
  const path = '/v1/notifications/verify-webhook-signature';
  const asked = JSON.stringify(fields).replace('"the event"', () => text);
  return (await call('POST', path, asked)).body.verification_status;
}

describe('notifications', () => {
  test('are verified as they came, and not when they were written anew', async () => {
    const { number } = await order();
    await post(`/orders/${number}`, { outcome: 'paid' });
    const [heard] = merchant.heard;
    expect(heard?.headers['content-type']).toBe('application/json');
    if (!heard) return;
    expect(await verify(heard)).toBe('SUCCESS');
    const anew = { ...heard, text: JSON.stringify(JSON.parse(heard.text)) };
    expect(await verify(anew)).toBe('FAILURE');
    expect(await verify(heard, { webhook_id: '1AB23456CD789012E' })).toBe('FAILURE');
    expect(await verify(heard, { auth_algo: 'SHA1withRSA' })).toBe('FAILURE');
    expect(await verify(heard, { cert_url: 'https://api.paypal.com/x' })).toBe('FAILURE');
  });

  test('are sent under a certificate that is served here', async () => {
    const { number } = await order();
    await post(`/orders/${number}`, { outcome: 'paid' });
    const url = String(merchant.heard[0]?.headers['paypal-cert-url']);
    expect(await (await fetch(url)).text()).toContain('-----BEGIN CERTIFICATE-----');
    expect((await fetch(`${url}x`)).status).toBe(404);
  });

  test('are repeated along the schedule on the clock, with a new transmission each', async () => {
    merchant.status = 500;
    const { number } = await order();
    await post(`/orders/${number}`, { outcome: 'paid' });
    expect(merchant.heard).toHaveLength(1);
    merchant.status = 200;
    const to = new Date(Date.now() + 61_000).toISOString();
    await fetch(address('/../clock'), { method: 'POST', body: JSON.stringify({ to }) });
    await vi.waitFor(() => expect(merchant.heard).toHaveLength(2), 5_000);
    const [first, second] = merchant.heard;
    expect(second?.text).toBe(first?.text);
    expect(second?.headers['paypal-transmission-id']).not.toBe(
      first?.headers['paypal-transmission-id'],
    );
  });

  test('come as often, as late and in the order that they are bent to', async () => {
    const { number, id } = await order();
    await post(`/orders/${number}`, { outcome: 'paid', times: 5, concurrency: 5, reorder: true });
    expect(merchant.heard).toHaveLength(0);
    await call('POST', `/v2/checkout/orders/${id}/capture`);
    await vi.waitFor(() => expect(merchant.heard).toHaveLength(10), 5_000);
    const types = merchant.heard.map(({ text }) => (JSON.parse(text) as Json).event_type);
    expect(types).toEqual([
      ...Array<string>(5).fill('PAYMENT.CAPTURE.COMPLETED'),
      ...Array<string>(5).fill('CHECKOUT.ORDER.APPROVED'),
    ]);
  });
});

describe('a restart', () => {
  test('keeps the app, orders, keys, request ids and what is owed', async () => {
    merchant.status = 500;
    const requestId = { 'paypal-request-id': 'once' };
    const body = {
      intent: 'CAPTURE',
      purchase_units: [{ custom_id: 'kept', amount: { currency_code: 'USD', value: '1.00' } }],
    };
    const made = await call('POST', '/v2/checkout/orders', body, requestId);
    await post('/orders/kept', { outcome: 'paid' });
    const before = sandbox.paypal;
    await sandbox.close();
    sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
    expect(sandbox.paypal).toEqual(before);
    const again = await call('POST', '/v2/checkout/orders', body, requestId);
    expect(again.body.id).toBe(made.body.id);
    const shown = (await (await fetch(address('/orders/kept'))).json()) as Json;
    expect(shown).toMatchObject({ status: 'APPROVED', notifies: [{ status: 'waiting' }] });
  });
});

describe('the page for payers', () => {
  const context = {
    return_url: 'https://shop.example/back?a=1',
    cancel_url: 'https://shop.example/no',
  };
  const choose = (id: string, outcome: string) =>
    fetch(address(`/checkoutnow?token=${id}`), {
      ...{ method: 'POST', redirect: 'manual' },
      body: new URLSearchParams({ outcome }),
    });

  test('shows what is paid in either language, and leads back', async () => {
    const { id, number } = await order({ experience_context: context });
    const page = async (lang: string) =>
      (await fetch(address(`/checkoutnow?token=${id}&lang=${lang}`))).text();
    expect(await page('en')).toContain('Pay 20.00 USD');
    expect(await page('zh')).toContain('确认支付 20.00 USD');
    const canceled = await choose(id, 'abandoned');
    expect(canceled.headers.get('location')).toBe(`https://shop.example/no?token=${id}`);
    const paid = await choose(id, 'paid');
    expect(paid.headers.get('location')).toContain(
      `https://shop.example/back?a=1&token=${id}&PayerID=`,
    );
    expect(await page('en')).toContain('Approved, not paid yet');
    expect((await choose(id, 'declined')).status).toBe(303);
    const shown = (await (await fetch(address(`/orders/${number}`))).json()) as Json;
    expect(shown).toMatchObject({ status: 'APPROVED', declines: null });
  });

  test('knows no order that was not made', async () => {
    expect((await choose('NOSUCHORDER', 'paid')).status).toBe(404);
  });
});

describe('steering', () => {
  test.each<[object, string]>([
    [{ amont: '1' }, '`amont`'],
    [{ amount: '1.5' }, '`amount`'],
    [{ times: 101 }, '`times`'],
    [{ sign: 'god' }, '`sign`'],
    [{ charge: 'decline' }, '`charge`'],
    [{ outcome: 'payed' }, 'outcome'],
  ])('refuses %j by name', async (body, name) => {
    const { number } = await order();
    const answer = await post(`/orders/${number}`, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(name);
  });

  test('bends every order that has no bend of its own, and calls about it', async () => {
    await post('/steering', { answers: 'down' });
    expect((await order()).made.status).toBe(500);
    await post('/steering', {});
    expect((await order()).made.status).toBe(201);
  });

  test('disputes and refunds only what was captured', async () => {
    const { number, id } = await order();
    expect((await post(`/orders/${number}/refund`, {})).status).toBe(404);
    await post(`/orders/${number}`, { outcome: 'paid' });
    await call('POST', `/v2/checkout/orders/${id}/capture`);
    const opened = await post(`/orders/${number}/dispute`, { reason: 'UNAUTHORISED' });
    expect(opened.body).toMatchObject({ status: 'WAITING_FOR_SELLER_RESPONSE' });
    const lost = await post(`/orders/${number}/dispute`, { status: 'RESOLVED' });
    expect(lost.body).toMatchObject({
      dispute_outcome: { outcome_code: 'RESOLVED_BUYER_FAVOUR' },
      money_movements: [{ affected_party: 'SELLER', type: 'DEBIT' }],
    });
    const refunded = await post(`/orders/${number}/refund`, { amount: '2001' });
    expect(refunded).toMatchObject({ status: 409 });
    expect((await post(`/orders/${number}/refund`, {})).body).toMatchObject({
      amount: { value: '20.00' },
    });
  });
});
