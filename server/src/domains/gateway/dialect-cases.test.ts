/** The billing cases of a call (`cases.test.ts`), in every dialect and through every conversion. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DialectCall,
  dial,
  dialectCalls,
  openDialects,
  post,
} from './testkit/dialect-calls.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ limits: { drainMs: 400 } });
  const tier = { above_input_tokens: 200_000, prices: { input: '2', output: '20' } };
  await openDialects(gateway, { tiers: [tier] });
});
afterAll(() => gateway.close());

async function billOf(call: DialectCall, scenario: string, isStream = false) {
  const customer = await gateway.customer({ wallet: '10' });
  const response = await post(gateway, customer.secret, call, { scenario, isStream });
  const text = await response.text();
  const receipt = await gateway.receipt(response.headers.get('x-request-id'));
  return { status: response.status, text, bill: receipt?.usage, customer };
}

/** The one bill of a customer whose connection was cut after `events` events; undefined for none. */
async function cutAfter(call: DialectCall, scenario: string, events: number, isStream = true) {
  const customer = await gateway.customer({ wallet: '10' });
  const socket = dial(gateway, customer.secret, call, { scenario, isStream });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    const look = () => {
      if (text.split('data: ').length > events) resolve();
    };
    socket.on('data', (chunk) => {
      text += String(chunk);
      look();
    });
    // Before the first byte: once the call has reached its upstream.
    if (events === 0) setTimeout(resolve, 120);
  });
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const bills = await gateway.bills(customer.organizationId);
  expect(bills.length).toBeLessThanOrEqual(1);
  expect(await gateway.funds(customer.organizationId)).toMatchObject({ held: 0n, owed: 0n });
  return bills[0];
}

describe.each(dialectCalls.map((call) => [call.name, call] as const))('%s', (_, call) => {
  it.each([false, true])('is billed by its upstream’s report (stream: %s)', async (isStream) => {
    const { status, bill } = await billOf(call, 'usage=1000/50', isStream);
    expect(status).toBe(200);
    expect(bill).toMatchObject({ amount: 1_500_000n, outcome: 'completed', estimated: false });
  });

  it('case 5: broken off before its usage is billed for what was delivered', async () => {
    const { text, bill } = await billOf(call, 'tokens=50, break_after=20', true);
    expect(text).toContain('broke off');
    expect(bill).toMatchObject({ outcome: 'upstream_error' });
    expect(Number(bill?.output_tokens)).toBeGreaterThan(8);
    expect(Number(bill?.output_tokens)).toBeLessThan(50);
    expect(Number(bill?.input_tokens)).toBeGreaterThan(5);
  });

  it.each([3, 12])(
    'case 6: whose connection is cut after %i events is billed once',
    async (events) => {
      const bill = await cutAfter(call, 'tokens=40, chunk_delay=4ms, usage=40/40', events);
      expect(bill).toMatchObject({ outcome: 'aborted', input_tokens: 40n });
      expect(Number(bill?.output_tokens)).toBeLessThanOrEqual(40);
    },
  );

  it('case 6: that is no stream is billed for its input when its caller leaves', async () => {
    const bill = await cutAfter(call, 'slow=200ms, usage=40/5', 0, false);
    expect(bill).toMatchObject({ outcome: 'aborted', input_tokens: 40n });
  });

  it('case 7: left before the first token is billed for no output', async () => {
    const bill = await cutAfter(call, 'slow=200ms, tokens=5, usage=40/5', 0);
    expect(bill?.output_tokens ?? 0n).toBe(0n);
  });

  it('case 8: that ends with an error event has no word of it as output', async () => {
    const { text, bill } = await billOf(call, 'tokens=50, error_event_after=2', true);
    expect(text).toContain('broke off');
    expect(bill).toMatchObject({ outcome: 'upstream_error' });
    expect(Number(bill?.output_tokens)).toBeLessThanOrEqual(4);
  });

  it.each([false, true])('case 9: takes zero for zero (stream: %s)', async (isStream) => {
    const { bill } = await billOf(call, 'zero_usage', isStream);
    expect(bill).toMatchObject({ amount: 0n, output_tokens: 0n, estimated: false });
  });

  it.each([false, true])(
    'case 10: is billed for cached tokens once (stream: %s)',
    async (isStream) => {
      const { bill } = await billOf(call, 'usage=1000/0/400', isStream);
      expect(bill).toMatchObject({
        input_tokens: 1000n,
        cached_input_tokens: 400n,
        amount: 800_000n,
      });
    },
  );

  it.each([
    [200_000, 200_000_000n],
    [200_001, 400_002_000n],
  ])('case 12: is rated by the tier that %i tokens reach', async (tokens, amount) => {
    const { bill } = await billOf(call, `usage=${tokens}/0`);
    expect(bill?.amount).toBe(amount);
  });

  it('counts tokens itself where nothing is reported', async () => {
    const { bill } = await billOf(call, 'tokens=30, no_usage');
    expect(bill).toMatchObject({ outcome: 'completed', estimated: true });
    expect(Number(bill?.output_tokens)).toBeGreaterThan(10);
  });
});

it('case 13: leaks no hold, whatever happened to the calls', async () => {
  expect(await gateway.holds()).toBe(0);
});
