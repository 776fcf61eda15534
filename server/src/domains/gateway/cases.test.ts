/**
 * Billing bugs that users of other gateways reported, numbered: 1 overdraft by parallel calls, 2 daily limit exceeded, 3 cost above
 * the plan never charged, 4 spent plan still usable, 5 stream cut before usage refunded, 6 abort without a bill, 7 abort before the first
 * token billed in full, 8 error text billed, 9 zero taken for missing, 10 cached tokens billed twice, 11 more cached than
 * there was, 12 long-context tier ignored, 13 leaked hold; in every dialect in `dialect-cases.test.ts`. Where they happen there
 * are 14 a day's allowance given twice, 15 windows that lose their rhythm, 16 resets late by the time zone, 17 forged
 * notifications, 18 replayed ones, 19 codes redeemed many times, 20 parallel payments that extend once. `npm run check` fails
 * where one of them has no test.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ limits: { drainMs: 400 } });
  await gateway.price({});
  await gateway.channel({ label: 'cases' });
});
afterAll(() => gateway.close());

const bent = (scenario: string, rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: `Tell me a story. [[sandbox: ${scenario}]]` }],
  ...rest,
});

/** Reads `chunks` events of a stream with output, then leaves; answers how many it saw. */
async function leaveAfter(secret: string, body: object, chunks: number): Promise<string> {
  const abort = new AbortController();
  const response = await gateway.chat(secret, body, { signal: abort.signal });
  const requestId = response.headers.get('x-request-id') ?? '';
  let seen = 0;
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  while (reader && seen < chunks) {
    const { value, done } = await reader.read();
    if (done) break;
    seen += decoder.decode(value, { stream: true }).split('data: ').length - 1;
  }
  abort.abort();
  return requestId;
}

/** One dollar buys this many calls of which each may cost `hold`. */
const dollars = (nanos: bigint) => `${Number(nanos) / 1e9}`;

describe('billing', () => {
  it('case 1: admits exactly as many parallel calls as the balance covers, and never overdraws', async () => {
    const body = JSON.stringify(bent('tokens=1, usage=0/100, slow=300ms', { max_tokens: 100 }));
    // What one call may cost: a token of input a byte, and its limit of output.
    const hold = BigInt(body.length) * 1000n + 100n * 10_000n;
    const customer = await gateway.customer({ wallet: dollars(hold * 5n) });
    const calls = Array.from({ length: 20 }, () => gateway.chat(customer.secret, body));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 402)).toHaveLength(15);
    const funds = await gateway.funds(customer.organizationId);
    expect(funds.available).toBe(hold * 5n - 5n * 1_000_000n);
    expect(funds).toMatchObject({ held: 0n, owed: 0n });
  });

  it('case 2: holds against the day’s allowance, so that one large call cannot exceed it', async () => {
    const customer = await gateway.customer({ wallet: '0', allowance: '0.01' });
    const large = await gateway.chat(customer.secret, bent('tokens=1', { max_tokens: 1000 }));
    expect(large.status).toBe(402);
    const small = await gateway.chat(customer.secret, bent('tokens=1', { max_tokens: 10 }));
    expect(small.status).toBe(200);
  });

  it('case 3: charges what exceeds the allowance to the wallet', async () => {
    const customer = await gateway.customer({ wallet: '1', allowance: '0.001' });
    const response = await gateway.chat(customer.secret, bent('tokens=1, usage=500/100'));
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ amount: 1_500_000n, shortfall: 0n });
    expect(receipt?.usage.amounts).toEqual([1_000_000n, 500_000n]);
    const funds = await gateway.funds(customer.organizationId);
    expect(funds.available).toBe(999_500_000n);
  });

  it('case 3: charges a cost above the hold too, and never drives the wallet negative', async () => {
    const customer = await gateway.customer({ wallet: '0.01' });
    const response = await gateway.chat(customer.secret, bent('usage=9000/900', { max_tokens: 5 }));
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ amount: 18_000_000n, shortfall: 8_000_000n });
    const funds = await gateway.funds(customer.organizationId);
    expect(funds).toMatchObject({ available: 0n, held: 0n, owed: 8_000_000n });
  });

  it('case 4: refuses with 402 once allowance and wallet are spent', async () => {
    const customer = await gateway.customer({ wallet: '0', allowance: '0.002' });
    const first = await gateway.chat(customer.secret, bent('usage=0/200', { max_tokens: 10 }));
    expect(first.status).toBe(200);
    await first.text();
    const second = await gateway.chat(customer.secret, bent('tokens=1', { max_tokens: 10 }));
    expect(second.status).toBe(402);
    expect(await second.json()).toMatchObject({
      error: { code: 'insufficient_quota', type: 'insufficient_quota', param: null },
    });
    const funds = await gateway.funds(customer.organizationId);
    expect(funds).toMatchObject({ available: 0n, owed: 0n });
  });

  it('case 5: bills what was delivered when the upstream breaks off before it reports usage', async () => {
    const customer = await gateway.customer();
    const response = await gateway.chat(
      customer.secret,
      bent('tokens=50, break_after=12', { stream: true }),
    );
    const text = await response.text();
    expect(text).toContain('"code":"upstream_failed"');
    expect(text).not.toContain('[DONE]');
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ outcome: 'upstream_error', estimated: true });
    expect(Number(receipt?.usage.output_tokens)).toBeGreaterThan(5);
    expect(Number(receipt?.usage.input_tokens)).toBeGreaterThan(5);
  });

  it.each([1, 7, 30])('case 6: bills a call whose caller left after %i events', async (chunks) => {
    const customer = await gateway.customer();
    const scenario = 'tokens=30, chunk_delay=4ms, usage=40/30';
    const body = bent(scenario, { stream: true });
    const requestId = await leaveAfter(customer.secret, body, chunks);
    const receipt = await gateway.receipt(requestId);
    // The upstream was read on to its report. Its words are not all tokens here, and the first event has none.
    expect(receipt?.usage).toMatchObject({ input_tokens: 40n, outcome: 'aborted' });
    expect(Number(receipt?.usage.output_tokens)).toBeGreaterThanOrEqual(Math.floor(chunks / 2));
    expect(Number(receipt?.usage.output_tokens)).toBeLessThanOrEqual(30);
    expect(await gateway.bills(customer.organizationId)).toHaveLength(1);
  });

  it('case 6: bills at least what was delivered when the upstream is given up after an abort', async () => {
    const customer = await gateway.customer();
    const body = bent('tokens=60, hang_after=20', { stream: true });
    const requestId = await leaveAfter(customer.secret, body, 20);
    const receipt = await gateway.receipt(requestId);
    expect(receipt?.usage).toMatchObject({ outcome: 'aborted', estimated: true });
    expect(Number(receipt?.usage.output_tokens)).toBeGreaterThan(8);
    expect(Number(receipt?.usage.output_tokens)).toBeLessThan(60);
  });

  it('case 7: bills only the input of an abort before the first token', async () => {
    const customer = await gateway.customer();
    const abort = new AbortController();
    const body = bent('tokens=5, slow=150ms, usage=40/5', { stream: true });
    const call = gateway.chat(customer.secret, body, { signal: abort.signal });
    await inFlight();
    abort.abort();
    await expect(call).rejects.toThrow();
    const [bill] = await gateway.bills(customer.organizationId);
    expect(bill).toMatchObject({ outcome: 'aborted', input_tokens: 40n, output_tokens: 0n });
  });

  it('case 7: bills nothing of an abort before the upstream has begun', async () => {
    const customer = await gateway.customer();
    for (const body of [bent('hang', { stream: true }), bent('hang')]) {
      const abort = new AbortController();
      const call = gateway.chat(customer.secret, body, { signal: abort.signal });
      await inFlight();
      abort.abort();
      await expect(call).rejects.toThrow();
      expect(await gateway.bills(customer.organizationId)).toEqual([]);
    }
    expect(await gateway.funds(customer.organizationId)).toMatchObject({ held: 0n, owed: 0n });
  });

  it('case 8: counts no word of an error event in a 200 stream as output', async () => {
    const customer = await gateway.customer();
    const body = bent('tokens=50, error_event_after=2', { stream: true });
    const response = await gateway.chat(customer.secret, body);
    const text = await response.text();
    expect(text.match(/"error":\{/g)).toHaveLength(1);
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ outcome: 'upstream_error', estimated: true });
    expect(Number(receipt?.usage.output_tokens)).toBeLessThanOrEqual(4);
  });

  it('case 8: bills nothing for a stream that is nothing but an error', async () => {
    const customer = await gateway.customer();
    const body = bent('tokens=50, error_event_after=0', { stream: true });
    const response = await gateway.chat(customer.secret, body);
    await response.text();
    const funds = await gateway.funds(customer.organizationId);
    const [bill] = await gateway.bills(customer.organizationId);
    expect(bill?.output_tokens ?? 0n).toBe(0n);
    expect(funds.held).toBe(0n);
  });

  it('case 9: takes an explicit zero for zero', async () => {
    const customer = await gateway.customer();
    for (const body of [bent('zero_usage'), bent('zero_usage', { stream: true })]) {
      const response = await gateway.chat(customer.secret, body);
      await response.text();
      const receipt = await gateway.receipt(response.headers.get('x-request-id'));
      expect(receipt?.usage).toMatchObject({ amount: 0n, output_tokens: 0n, estimated: false });
    }
    expect((await gateway.funds(customer.organizationId)).available).toBe(1_000_000_000n);
  });

  it('case 10: bills cached tokens once, at their own price', async () => {
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, bent('usage=1000/0/1000'));
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage.amount).toBe(500_000n);
  });

  it('case 11: clamps more cached tokens than there was input', async () => {
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, bent('usage=1000/0/5000'));
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ cached_input_tokens: 1000n, amount: 500_000n });
  });

  it.each([
    [200_000, 200_000_000n],
    [200_001, 400_002_000n],
  ])('case 12: rates %i tokens of input by the tier that they reach', async (tokens, amount) => {
    const tiered = 'long-context';
    await gateway.price({
      model: tiered,
      tiers: [{ above_input_tokens: 200_000, prices: { input: '2', output: '20' } }],
    });
    await gateway.channel({ label: 'cases', models: [tiered] });
    const customer = await gateway.customer({ wallet: '10' });
    const body = { ...bent(`usage=${tokens}/0`), model: tiered };
    const response = await gateway.chat(customer.secret, body);
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage.amount).toBe(amount);
  });

  it('case 13: leaks no hold, whatever happened to the calls', async () => {
    expect(await gateway.holds()).toBe(0);
  });

  it('bills a call once that failed on one channel and succeeded on another', async () => {
    const twice = 'twice';
    await gateway.price({ model: twice });
    const models = [twice];
    await gateway.channel({ label: 'broken', models, priority: 5 });
    const sound = await gateway.channel({ label: 'sound', models });
    await gateway.sandbox.bend('broken', 'status=500');
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, { ...bent('usage=10/1'), model: twice });
    expect(response.status).toBe(200);
    await response.text();
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ channel_id: sound.id, amount: 20_000n }]);
  });
});

/** Waits until the one call has reached its upstream. */
async function inFlight(): Promise<void> {
  while (gateway.gateway.inFlight() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, 40));
}
