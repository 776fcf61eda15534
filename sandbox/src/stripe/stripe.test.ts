import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Merchant, openMerchant } from './testing.ts';

let merchant: Merchant;
beforeEach(async () => {
  merchant = await openMerchant();
});
afterEach(() => merchant.close());

const number = 'a1b2c3d4e5f6a7b8c9d0e1f2';
type Create = Stripe.Checkout.SessionCreateParams;

function params(changes: Create = {}): Create {
  return {
    mode: 'payment',
    client_reference_id: number,
    metadata: { sluice_number: number },
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: 'usd',
          unit_amount: 1_999,
          product_data: { name: '入门套餐 & more' },
        },
      },
    ],
    payment_intent_data: { metadata: { sluice_number: number } },
    success_url: 'https://shop.example/done',
    ...changes,
  };
}
const open = (changes: Create = {}, idempotencyKey?: string) =>
  merchant.sdk.checkout.sessions.create(params(changes), idempotencyKey ? { idempotencyKey } : {});
const debit: Create = { allowed_payment_method_types: ['us_bank_account'] };
const typesHeard = (count: number) =>
  vi.waitFor(() => {
    expect(merchant.ear.types()).toHaveLength(count);
    return merchant.ear.types();
  });
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Stripe.errors.StripeError,
  );

describe('checkout sessions', () => {
  test('are opened, paid, told of and found paid', async () => {
    const session = await open();
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 1_999,
    });
    expect(session.url).toContain('/sandbox/stripe/pay/cs_test_');
    expect(session.lastResponse.requestId).toMatch(/^req_/);
    expect((await merchant.steer(number, { outcome: 'paid' })).status).toBe(200);

    expect(await typesHeard(4)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    for (const { body, header = '' } of merchant.ear.heard) {
      const event = Stripe.webhooks.constructEvent(body, header, merchant.secret);
      expect(event).toMatchObject({ livemode: false, api_version: Stripe.API_VERSION });
    }
    const found = await merchant.sdk.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.payment_method', 'payment_intent.latest_charge.balance_transaction'],
    });
    expect(found).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      payment_intent: {
        ...{ status: 'succeeded', amount_received: 1_999, metadata: { sluice_number: number } },
        payment_method: { card: { last4: '4242', brand: 'visa' } },
        latest_charge: { balance_transaction: { amount: 1_999, fee: 88, net: 1_911 } },
      },
    });
  });

  test('are complete and unpaid while a debit is under way, for days', async () => {
    const { id } = await open(debit);
    await merchant.steer(number, { outcome: 'processing' });
    expect(await merchant.sdk.checkout.sessions.retrieve(id)).toMatchObject({
      ...{ status: 'complete', payment_status: 'unpaid' },
    });
    await merchant.moveClock(95);
    expect(await merchant.sdk.checkout.sessions.retrieve(id)).toMatchObject({
      payment_status: 'unpaid',
    });
    await merchant.moveClock(97);
    expect(await merchant.sdk.checkout.sessions.retrieve(id)).toMatchObject({
      payment_status: 'paid',
    });
    await vi.waitFor(() =>
      expect(merchant.ear.types()).toContain('checkout.session.async_payment_succeeded'),
    );
  });

  test('stay unpaid when the debit comes back, and the balance is as it was', async () => {
    const { id } = await open(debit);
    await merchant.steer(number, { outcome: 'returned' });
    const found = await merchant.sdk.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(found).toMatchObject({
      ...{ status: 'complete', payment_status: 'unpaid' },
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { code: 'insufficient_funds' },
      },
    });
    const { data } = await merchant.sdk.balanceTransactions.list();
    expect(data.map(({ type, amount }) => [type, amount])).toEqual([
      ['payment_failure_refund', -1_999],
      ['payment', 1_999],
    ]);
  });

  test('come back by themselves from an account that is closed', async () => {
    const { id } = await open(debit);
    await merchant.steer(number, { instrument: '000111111113', outcome: 'processing' });
    await merchant.moveClock(97);
    const found = await merchant.sdk.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(found).toMatchObject({
      payment_intent: { last_payment_error: { code: 'account_closed' } },
    });
  });

  test('take no card where they want an account', async () => {
    const { id } = await open(debit);
    await merchant.steer(number, { instrument: '4242424242424242', outcome: 'paid' });
    const found = await merchant.sdk.checkout.sessions.retrieve(id, {
      expand: ['payment_intent.payment_method'],
    });
    expect(found).toMatchObject({
      payment_intent: { payment_method: { type: 'us_bank_account' } },
    });
  });

  test('end by being expired, or with their term, and cannot be paid then', async () => {
    const session = await open();
    await merchant.sdk.checkout.sessions.expire(session.id);
    expect((await merchant.steer(number, { outcome: 'paid' })).status).toBe(409);
    expect(await errorOf(merchant.sdk.checkout.sessions.expire(session.id))).toMatchObject({
      ...{ statusCode: 400, rawType: 'invalid_request_error' },
    });
    const other = await open({ client_reference_id: 'other' });
    await merchant.moveClock(24.1);
    expect((await merchant.sdk.checkout.sessions.retrieve(other.id)).status).toBe('expired');
    await vi.waitFor(() =>
      expect(merchant.ear.types().filter((type) => type.endsWith('expired'))).toHaveLength(2),
    );
  });

  test('keep a card for later with a customer of their own, or for a known one', async () => {
    const { id } = await open({
      customer_creation: 'always',
      payment_intent_data: { setup_future_usage: 'off_session' },
    });
    await merchant.steer(number, { outcome: 'paid' });
    const { customer } = await merchant.sdk.checkout.sessions.retrieve(id);
    const { data } = await merchant.sdk.customers.listPaymentMethods(String(customer));
    expect(data).toMatchObject([{ type: 'card', customer }]);

    const setup: Create = { ...params(), mode: 'setup', customer: String(customer) };
    for (const name of ['line_items', 'payment_intent_data'] as const) delete setup[name];
    const second = await merchant.sdk.checkout.sessions.create({
      ...setup,
      client_reference_id: 'second',
    });
    await merchant.steer('second', { outcome: 'paid' });
    const stored = await merchant.sdk.checkout.sessions.retrieve(second.id, {
      expand: ['setup_intent.payment_method'],
    });
    expect(stored).toMatchObject({
      payment_status: 'no_payment_required',
      setup_intent: { status: 'succeeded', payment_method: { customer } },
    });
  });

  test('last as long as their merchant wrote, though the calendar is months ahead', async () => {
    await merchant.moveClock(60 * 24);
    const term = Math.floor(Date.now() / 1_000) + 2 * 3_600;
    const { created, expires_at } = await open({ expires_at: term });
    expect(expires_at - created).toBeGreaterThan(2 * 3_600 - 10);
    expect(expires_at - created).toBeLessThanOrEqual(2 * 3_600);
  });

  test.each<[string, Create, object]>([
    ['no address to come back to', { success_url: '' }, { param: 'success_url' }],
    ['a term that is too short', { expires_at: 1 }, { param: 'expires_at' }],
    ['a customer that nobody knows', { customer: 'cus_x' }, { code: 'resource_missing' }],
    [
      'means that are not activated',
      { allowed_payment_method_types: ['alipay'] },
      { statusCode: 400 },
    ],
    [
      'a parameter of the past',
      { payment_method_types: ['card'] } as Create,
      { code: 'parameter_unknown', param: 'payment_method_types' },
    ],
  ])('are not opened with %s', async (_what, changes, error) => {
    expect(await errorOf(open(changes))).toMatchObject({
      ...{ type: 'StripeInvalidRequestError', ...error },
    });
  });

  test.each([
    ['usd', 49, 'amount_too_small'],
    ['usd', 100_000_000, 'amount_too_large'],
    ['kwd', 5_124, undefined],
    ['isk', 550, undefined],
    ['ldc', 1_000, undefined],
  ])('are not opened for %s %i', async (currency, amount, code) => {
    const price = { currency, unit_amount: amount, product_data: { name: 'x' } };
    const error = await errorOf(open({ line_items: [{ quantity: 1, price_data: price }] }));
    expect(error).toMatchObject({ statusCode: 400, ...(code ? { code } : {}) });
  });
});

describe('idempotency keys', () => {
  test('answer a repeat with what came first, for a day', async () => {
    const [first, second] = [await open({}, 'key-1'), await open({}, 'key-1')];
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers).toBeDefined();
    await merchant.moveClock(25);
    expect((await open({}, 'key-1')).id).not.toBe(first.id);
  });

  test('refuse other parameters, and a repeat while the first call lasts', async () => {
    await open({}, 'key-1');
    const other = await errorOf(open({ success_url: 'https://shop.example/other' }, 'key-1'));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    await merchant.steer(number, { answers: 'busy' });
    expect(await errorOf(open({}, 'key-2'))).toMatchObject({
      ...{ statusCode: 409, code: 'idempotency_key_in_use' },
    });
  });

  test('repeat refusals of a card too, and forget calls that were never begun', async () => {
    const { customer, method } = await keepCard('4000000000000341');
    const charge = { amount: 500, currency: 'usd', customer, payment_method: method };
    const confirmed = { ...charge, confirm: true, off_session: true } as const;
    const key = { idempotencyKey: 'key-1' };
    const first = await errorOf(merchant.sdk.paymentIntents.create(confirmed, key));
    const again = await errorOf(merchant.sdk.paymentIntents.create(confirmed, key));
    expect(again?.payment_intent?.id).toBe(first?.payment_intent?.id);
    const wrong = { ...confirmed, surprise: 'x' };
    const other = { idempotencyKey: 'key-2' };
    const unbegun = await errorOf(merchant.sdk.paymentIntents.create(wrong, other));
    expect(unbegun).toMatchObject({ code: 'parameter_unknown' });
    const begun = await errorOf(merchant.sdk.paymentIntents.create(confirmed, other));
    expect(begun).toMatchObject({ code: 'card_declined' });
  });
});

async function keepCard(cardNumber: string) {
  const { sdk } = merchant;
  const customer = await sdk.customers.create({ email: 'payer@example.com' });
  const method = await sdk.paymentMethods.create({
    type: 'card',
    card: { number: cardNumber, exp_month: 4, exp_year: 2030 },
  });
  await sdk.paymentMethods.attach(method.id, { customer: customer.id });
  return { customer: customer.id, method: method.id };
}

describe('payment intents', () => {
  const charge = async (cardNumber: string) => {
    const { customer, method } = await keepCard(cardNumber);
    return merchant.sdk.paymentIntents.create({
      ...{ amount: 500, currency: 'usd', customer, payment_method: method },
      ...{ confirm: true, off_session: true, metadata: { sluice_number: number } },
    });
  };

  test('charge a kept card without its payer', async () => {
    const intent = await charge('4242424242424242');
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 500 });
    const found = await merchant.sdk.paymentIntents.search({
      query: `metadata['sluice_number']:'${number}' AND status:'succeeded'`,
    });
    expect(found.data.map(({ id }) => id)).toEqual([intent.id]);
    await merchant.steer(number, { search: 'behind' });
    const { data } = await merchant.sdk.paymentIntents.search({
      query: `metadata['sluice_number']:'${number}'`,
    });
    expect(data).toEqual([]);
  });

  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000000069', 'expired_card', undefined],
    ['4000002760003184', 'authentication_required', 'authentication_required'],
  ])('are refused for card %s with %s, %s', async (cardNumber, code, declineCode) => {
    const error = await errorOf(charge(cardNumber));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({
      ...{ statusCode: 402, code },
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      payment_intent: { status: 'requires_payment_method', last_payment_error: { code } },
    });
  });

  test('cannot be canceled when they are paid', async () => {
    const { id } = await charge('4242424242424242');
    expect(await errorOf(merchant.sdk.paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  test('are disputed at once with a card for that', async () => {
    const intent = await charge('4242424242424242');
    expect((await merchant.post(`/orders/${number}/dispute`)).status).toBe(200);
    const { data } = await merchant.sdk.disputes.list({ payment_intent: intent.id });
    expect(data).toMatchObject([{ status: 'needs_response', amount: 500 }]);
    const disputed = data[0]?.id ?? '';
    await merchant.sdk.disputes.update(disputed, { evidence: { uncategorized_text: 'sent' } });
    await merchant.post(`/orders/${number}/dispute`, { status: 'won' });
    const won = await merchant.sdk.disputes.retrieve(disputed);
    expect(won.status).toBe('won');
    expect(won.balance_transactions.map(({ amount }) => amount)).toEqual([-500, 500]);
  });
});

describe('refunds', () => {
  const paid = async (means: Create = {}) => {
    const { id } = await open(means);
    await merchant.steer(number, { outcome: 'paid' });
    const { payment_intent } = await merchant.sdk.checkout.sessions.retrieve(id);
    return String(payment_intent);
  };

  test('go back in parts, and no further than what is left', async () => {
    const intent = await paid();
    const { sdk } = merchant;
    const part = await sdk.refunds.create({ payment_intent: intent, amount: 999 });
    expect(part).toMatchObject({ status: 'succeeded', amount: 999 });
    const more = await errorOf(sdk.refunds.create({ payment_intent: intent, amount: 1_001 }));
    expect(more).toMatchObject({ statusCode: 400, param: 'amount' });
    expect((await sdk.refunds.create({ payment_intent: intent })).amount).toBe(1_000);
    expect(await errorOf(sdk.refunds.create({ payment_intent: intent }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    const { data } = await sdk.refunds.list({ payment_intent: intent, limit: 1 });
    expect(data.map(({ amount }) => amount)).toEqual([1_000]);
  });

  test('of debits take their days', async () => {
    const intent = await paid(debit);
    const { id, status } = await merchant.sdk.refunds.create({ payment_intent: intent });
    expect(status).toBe('pending');
    await merchant.moveClock(49);
    expect((await merchant.sdk.refunds.retrieve(id)).status).toBe('succeeded');
    await vi.waitFor(() => expect(merchant.ear.types()).toContain('refund.updated'));
  });
});

describe('lists', () => {
  test('come in pages, the newest first, and within a time', async () => {
    for (let each = 0; each < 5; each += 1) await open({ client_reference_id: `order${each}` });
    const { sdk } = merchant;
    const seen: (string | null)[] = [];
    for await (const session of sdk.checkout.sessions.list({ limit: 2 })) {
      seen.push(session.client_reference_id);
    }
    expect(seen).toEqual(['order4', 'order3', 'order2', 'order1', 'order0']);
    const now = Math.floor(Date.now() / 1_000);
    const future = await sdk.checkout.sessions.list({ created: { gt: now + 60 } });
    expect(future).toMatchObject({ object: 'list', data: [], has_more: false });
  });
});

describe('keys', () => {
  test('of others are refused, and not told', async () => {
    const stranger = merchant.sdkWith('sk_test_somebodyelse0123456789');
    const error = await errorOf(stranger.balance.retrieve());
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(error?.message).not.toContain('somebodyelse');
    const { id } = await merchant.sdk.accounts.retrieveCurrent();
    expect(id).toBe(merchant.sandbox.stripe.account);
  });
});
