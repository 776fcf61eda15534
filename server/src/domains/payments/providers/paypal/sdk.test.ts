/**
 * PayPal's own SDK against the simulator: it calls what we call, and checks every answer by PayPal's schemas. A field
 * that those do not know, or know as something else, does not come back as it went.
 */
import {
  CheckoutPaymentIntent,
  Client,
  Environment,
  OrdersController,
  PaymentsController,
  PaypalPaymentTokenUsageType,
  StoreInVaultInstruction,
  TransactionSearchController,
  VaultController,
  VaultTokenRequestType,
} from '@paypal/paypal-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { type OutsideCall, outside } from '../../outside.ts';
import type { Connection, Order } from '../../provider.ts';
import { paypal } from './index.ts';
import { callingSimulator, echoing, issueOf, judge, sendBySdk } from './testing/sdk.ts';

const prefer = 'return=representation';

let sandbox: Sandbox;
let sdkOptions: ConstructorParameters<typeof Client>[0];
let url = '';
let orders: OrdersController;
let payments: PaymentsController;
let vault: VaultController;
let transactions: TransactionSearchController;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  url = `http://127.0.0.1:${sandbox.port}/sandbox/paypal`;
  sdkOptions = {
    clientCredentialsAuthCredentials: {
      oAuthClientId: sandbox.paypal.client_id,
      oAuthClientSecret: sandbox.paypal.client_secret,
    },
    environment: Environment.Sandbox,
  };
  const client = new Client({
    ...sdkOptions,
    unstable_httpClientOptions: { adapter: callingSimulator(url) },
  });
  orders = new OrdersController(client);
  payments = new PaymentsController(client);
  vault = new VaultController(client);
  transactions = new TransactionSearchController(client);
});
afterAll(() => sandbox.close());

let drawn = 0;
function numberOf(what: string): string {
  drawn += 1;
  return `${what}${String(drawn).padStart(24 - what.length, '0')}`;
}

async function steer(path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

function orderBody(number: string, value = '20.00') {
  return {
    intent: CheckoutPaymentIntent.Capture,
    purchaseUnits: [
      { customId: number, invoiceId: number, amount: { currencyCode: 'USD', value } },
    ],
  };
}

const experienceContext = {
  returnUrl: 'https://shop.example/back',
  cancelUrl: 'https://shop.example/back',
};

async function approvedOrder(number = numberOf('order'), keeps = false) {
  const attributes = {
    vault: {
      storeInVault: StoreInVaultInstruction.OnSuccess,
      usageType: PaypalPaymentTokenUsageType.Merchant,
    },
  };
  const paypal = { experienceContext, ...(keeps ? { attributes } : {}) };
  const created = await orders.createOrder({
    body: { ...orderBody(number), paymentSource: { paypal } },
    paypalRequestId: number,
    prefer,
  });
  const { id = '' } = judge(created);
  await steer(`/orders/${number}`, { outcome: 'paid', notify: 'none' });
  return { number, id };
}

async function capturedOrder(keeps = false) {
  const approved = await approvedOrder(undefined, keeps);
  const order = judge(await orders.captureOrder({ id: approved.id, prefer }));
  const capture = order.purchaseUnits?.[0]?.payments?.captures?.[0]?.id ?? '';
  return { ...approved, order, capture };
}

describe('orders', () => {
  it('are created for the payer to approve, shown, approved and captured', async () => {
    const number = numberOf('order');
    const created = judge(await orders.createOrder({ body: orderBody(number), prefer }));
    expect(created).toMatchObject({ status: 'CREATED', intent: 'CAPTURE' });
    expect(created.links?.map(({ rel }) => rel)).toEqual(['self', 'approve']);
    const { id = '' } = created;
    expect(judge(await orders.getOrder({ id })).status).toBe('CREATED');

    await steer(`/orders/${number}`, { outcome: 'paid', notify: 'none' });
    const approved = judge(await orders.getOrder({ id }));
    expect(approved).toMatchObject({ status: 'APPROVED', payer: { payerId: 'QYR5Z8XDVJNXQ' } });
    // Approved is not paid.
    expect(approved.purchaseUnits?.[0]?.payments).toBeUndefined();

    const captured = judge(await orders.captureOrder({ id, prefer }));
    expect(captured.status).toBe('COMPLETED');
    expect(captured.purchaseUnits?.[0]?.payments?.captures).toMatchObject([
      { status: 'COMPLETED', customId: number, amount: { currencyCode: 'USD', value: '20.00' } },
    ]);
  });

  it('say little where no representation is wanted', async () => {
    const created = judge(await orders.createOrder({ body: orderBody(numberOf('order')) }));
    expect(Object.keys(created).sort()).toEqual(['id', 'links', 'status']);
  });

  it('are made once under one request id', async () => {
    const number = numberOf('order');
    const call = { body: orderBody(number), paypalRequestId: number, prefer };
    const [first, second] = [await orders.createOrder(call), await orders.createOrder(call)];
    expect(second.result.id).toBe(first.result.id);
  });

  it('are refused in words that the SDK reads', async () => {
    const { id } = await capturedOrder();
    expect(await issueOf(orders.captureOrder({ id }))).toEqual([
      ...[422, 'UNPROCESSABLE_ENTITY', 'ORDER_ALREADY_CAPTURED'],
    ]);
    const body = orderBody(numberOf('order'));
    const { id: fresh = '' } = (await orders.createOrder({ body })).result;
    expect(await issueOf(orders.captureOrder({ id: fresh }))).toEqual([
      ...[422, 'UNPROCESSABLE_ENTITY', 'ORDER_NOT_APPROVED'],
    ]);
    expect(await issueOf(orders.getOrder({ id: 'NOSUCHORDER' }))).toEqual([
      ...[404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID'],
    ]);
    const cents = { ...orderBody('x'), purchaseUnits: [{ amount: yen }] };
    expect(await issueOf(orders.createOrder({ body: cents }))).toEqual([
      ...[422, 'UNPROCESSABLE_ENTITY', 'DECIMALS_NOT_SUPPORTED'],
    ]);
  });

  it('go back to the payer whose card was declined, and can be paid after all', async () => {
    const number = numberOf('order');
    const { id = '' } = (await orders.createOrder({ body: orderBody(number) })).result;
    await steer(`/orders/${number}`, { outcome: 'declined', notify: 'none' });
    expect(await issueOf(orders.captureOrder({ id, paypalRequestId: 'first' }))).toEqual([
      ...[422, 'UNPROCESSABLE_ENTITY', 'INSTRUMENT_DECLINED'],
    ]);
    await steer(`/orders/${number}`, { outcome: 'paid' });
    // What was answered under a request id stays its answer.
    expect(await issueOf(orders.captureOrder({ id, paypalRequestId: 'first' }))).toContain(
      'INSTRUMENT_DECLINED',
    );
    const second = await orders.captureOrder({ id, paypalRequestId: 'second' });
    expect(second.result.status).toBe('COMPLETED');
  });
});

const yen = { currencyCode: 'JPY', value: '20.50' };

describe('payments', () => {
  it('show a capture with its fee, and give it back in parts', async () => {
    const { capture, number, id } = await capturedOrder();
    const shown = judge(await payments.getCapturedPayment({ captureId: capture }));
    expect(shown).toMatchObject({
      customId: number,
      supplementaryData: { relatedIds: { orderId: id } },
      sellerReceivableBreakdown: {
        grossAmount: { value: '20.00' },
        paypalFee: { value: '1.19' },
        netAmount: { value: '18.81' },
      },
    });
    const amount = { currencyCode: 'USD', value: '5.00' };
    const body = { amount, invoiceId: numberOf('refund'), customId: number, noteToPayer: 'Sorry' };
    const call = { captureId: capture, paypalRequestId: body.invoiceId, prefer, body };
    const refund = judge(await payments.refundCapturedPayment(call));
    expect(refund).toMatchObject({ status: 'COMPLETED', invoiceId: body.invoiceId });
    expect((await payments.refundCapturedPayment(call)).result.id).toBe(refund.id);
    expect(judge(await payments.getRefund({ refundId: refund.id ?? '' })).amount).toEqual(amount);
    const after = judge(await payments.getCapturedPayment({ captureId: capture }));
    expect(after.status).toBe('PARTIALLY_REFUNDED');
    const order = judge(await orders.getOrder({ id }));
    expect(order.purchaseUnits?.[0]?.payments?.refunds?.map((each) => each.id)).toEqual([
      refund.id,
    ]);
    const tooMuch = { amount: { currencyCode: 'USD', value: '15.01' } };
    const more = payments.refundCapturedPayment({ captureId: capture, body: tooMuch });
    expect(await issueOf(more)).toContain('REFUND_AMOUNT_EXCEEDED');
  });

  it('show what is pending, and why', async () => {
    const { number, id } = await approvedOrder();
    await steer(`/orders/${number}`, { capture: 'processing', notify: 'none' });
    const order = judge(await orders.captureOrder({ id, prefer }));
    expect(order.purchaseUnits?.[0]?.payments?.captures).toMatchObject([
      { status: 'PENDING', statusDetails: { reason: 'PENDING_REVIEW' } },
    ]);
  });
});

describe('the vault', () => {
  it('keeps an account with a payment, and charges it without the payer', async () => {
    const { order } = await capturedOrder(true);
    const kept = order.paymentSource?.paypal?.attributes?.vault;
    expect(kept).toMatchObject({ status: 'VAULTED' });
    const number = numberOf('charge');
    const charged = await orders.createOrder({
      body: { ...orderBody(number), paymentSource: { paypal: { vaultId: kept?.id ?? '' } } },
      paypalRequestId: number,
      prefer,
    });
    expect(judge(charged).status).toBe('COMPLETED');
  });

  it('keeps an account without a payment, lists it and forgets it', async () => {
    const body = {
      customer: { merchantCustomerId: 'org_sdk' },
      paymentSource: {
        paypal: { usageType: PaypalPaymentTokenUsageType.Merchant, experienceContext },
      },
    };
    const number = numberOf('setup');
    const setup = judge(await vault.createSetupToken({ body, paypalRequestId: number }));
    expect(setup.status).toBe('PAYER_ACTION_REQUIRED');
    const { id = '', customer } = setup;
    await steer(`/orders/${number}`, { outcome: 'paid' });
    expect(judge(await vault.getSetupToken(id)).status).toBe('APPROVED');
    const made = await vault.createPaymentToken({
      body: { paymentSource: { token: { id, type: VaultTokenRequestType.SetupToken } } },
      paypalRequestId: number,
    });
    const token = judge(made);
    const customerId = customer?.id ?? '';
    const listed = judge(await vault.listCustomerPaymentTokens({ customerId }));
    expect(listed.paymentTokens?.map((each) => each.id)).toEqual([token.id]);
    expect(judge(await vault.getPaymentToken(token.id ?? '')).id).toBe(token.id);
    await vault.deletePaymentToken(token.id ?? '');
    expect(await issueOf(vault.getPaymentToken(token.id ?? ''))).toContain('RESOURCE_NOT_FOUND');
  });
});

describe('our own calls', () => {
  it('say what PayPal’s schemas say, and nothing that those do not know', async () => {
    const sent: { path: string; body: unknown }[] = [];
    const listening = {
      ...outside,
      send(call: OutsideCall) {
        const body: unknown =
          call.method === 'POST' && isJson(call) && JSON.parse(String(call.body));
        if (body) sent.push({ path: call.url.replace(url, ''), body });
        return outside.send(call);
      },
    };
    await useEverything(paypal.online?.connect({ ...sandbox.paypal, api_url: url }, listening));
    const sdk = new Client({
      ...sdkOptions,
      unstable_httpClientOptions: { adapter: echoing(url) },
    });
    const judged = await Promise.all(sent.map(({ path, body }) => sendBySdk(sdk, path, body)));
    expect(judged).toEqual(sent.map(({ body }) => body));
    expect(sent.map(({ path }) => path.replace(/\/[A-Z0-9]{17}\//, '/{id}/'))).toEqual([
      '/v2/checkout/orders',
      '/v2/checkout/orders/{id}/capture',
      '/v2/payments/captures/{id}/refund',
      '/v3/vault/setup-tokens',
      '/v3/vault/payment-tokens',
      '/v2/checkout/orders',
    ]);
  });
});

function isJson({ headers = {} }: OutsideCall): boolean {
  return headers['content-type'] === 'application/json';
}

async function useEverything(connection: Connection | undefined): Promise<void> {
  const money = { minor: 2000n, currency: 'USD' };
  const payer = { organizationId: 'org_sdk', email: null, customer: null, address: null };
  const orderOf = (number: string): Order => ({
    ...{ number, title: 'Top-up', charged: money, means: null, expiresAt: null },
    ...{ notifyUrl: url, returnUrl: 'https://shop.example/back', savesMethod: true },
    payer: { ...payer, locale: 'zh-CN' },
  });
  const order = orderOf(numberOf('ours'));
  const begun = await connection?.start(order);
  const reference = (begun?.status === 'pending' && begun.reference) || null;
  await steer(`/orders/${order.number}`, { outcome: 'paid', notify: 'none' });
  const asked = { number: order.number, reference, charged: money, mayCapture: true };
  const found = await connection?.find(asked);
  const providerTransaction = found?.status === 'succeeded' ? found.money.providerTransaction : '';
  await connection?.refund?.({
    ...{ number: numberOf('back'), amount: money, reason: 'Sorry', notifyUrl: url },
    payment: { number: order.number, reference, providerTransaction, charged: money },
  });
  const { charged: _charged, savesMethod: _saves, ...setup } = orderOf(numberOf('keep'));
  const kept = await connection?.methods?.setUp({ ...setup, currency: 'USD' });
  const setupId = (kept?.status === 'pending' && kept.reference) || null;
  await steer(`/orders/${setup.number}`, { outcome: 'paid' });
  const question = { number: setup.number, reference: setupId, mayCapture: true };
  const stored = await connection?.methods?.findSetup(question);
  if (stored?.status !== 'stored') throw new Error('the account is kept');
  const charged = await connection?.methods?.charge(orderOf(numberOf('ours')), stored.method);
  expect(charged).toMatchObject({ status: 'succeeded' });
}

describe('transactions', () => {
  it('are listed with their fees, three hours late', async () => {
    const { capture, number } = await capturedOrder();
    const now = Date.now();
    const search = {
      startDate: new Date(now - 3_600_000).toISOString().replace(/\.\d+/, ''),
      endDate: new Date(now + 3_600_000).toISOString().replace(/\.\d+/, ''),
      fields: 'transaction_info',
      pageSize: 500,
    };
    await expect(transactions.searchTransactions(search)).rejects.toThrow();
    await steer('/../clock', { to: new Date(now + 4 * 3_600_000).toISOString() });
    const listed = judge(await transactions.searchTransactions(search));
    await steer('/../clock', { to: new Date().toISOString() });
    const own = listed.transactionDetails?.find(
      ({ transactionInfo }) => transactionInfo?.invoiceId === number,
    );
    expect(own?.transactionInfo).toMatchObject({
      transactionId: capture,
      transactionEventCode: 'T0006',
      transactionStatus: 'S',
      feeAmount: { currencyCode: 'USD', value: '-1.19' },
    });
  });
});
