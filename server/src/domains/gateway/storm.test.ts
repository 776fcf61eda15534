/** Everything at once: upstreams that fail in every way, callers that leave at any time. The books must still add up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({
    limits: { drainMs: 150, idleTimeoutMs: 500, firstByteTimeoutMs: 500, closeMs: 2000 },
  });
  await gateway.price({});
  await gateway.channel({ label: 'storm-a' });
  await gateway.channel({ label: 'storm-b' });
});
afterAll(() => gateway.close());

const seed = Number(process.env.SEED ?? 20_260_304);
const calls = 160;
const callers = 16;

const scenarios = [
  'tokens=5',
  'tokens=20, chunk_delay=2ms',
  'tokens=20, split=9',
  'tokens=30, break_after=7',
  'tokens=30, error_event_after=4',
  'tokens=10, no_usage',
  'tokens=10, chunk_delay=3ms, no_usage',
  'zero_usage',
  'hang_after=3',
  'slow=20ms, tokens=3',
  'status=400',
  'status=404',
  'break_after=0',
];

/** Mulberry32: the same numbers for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the gateway in a storm', () => {
  it(`bills each call at most once and loses no nano (seed ${seed})`, async () => {
    const random = randomNumbers(seed);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const customers = await Promise.all(Array.from({ length: 5 }, () => gateway.customer()));
    const wholes = new Set<string>();

    async function callOnce(): Promise<void> {
      const content = `Tell me a story. [[sandbox: ${pick(scenarios)}]]`;
      const stream = random() < 0.7;
      const body = { model, stream, messages: [{ role: 'user', content }] };
      // So that channels rest, and come back.
      gateway.platform.clocks.advance('PT1S');
      const leaves = random() < 0.4 ? AbortSignal.timeout(Math.floor(random() * 60)) : null;
      try {
        const response = await gateway.chat(pick(customers).secret, body, { signal: leaves });
        const text = await response.text();
        const isWhole = stream ? text.endsWith('data: [DONE]\n\n') : response.status === 200;
        if (isWhole) wholes.add(response.headers.get('x-request-id') ?? '');
      } catch (error) {
        if ((error as Error).name !== 'TimeoutError') throw error;
      }
    }
    let begun = 0;
    const caller = async () => {
      while (begun < calls) {
        begun += 1;
        await callOnce();
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));

    expect(await gateway.holds()).toBe(0);
    const billed = new Set<string>();
    for (const { organizationId } of customers) {
      const bills = await gateway.bills(organizationId);
      const spent = bills.reduce((sum, { amount }) => sum + amount, 0n);
      const funds = await gateway.funds(organizationId);
      expect(funds).toMatchObject({ available: 1_000_000_000n - spent, held: 0n, owed: 0n });
      for (const bill of bills) billed.add(bill.request_id);
    }
    // What a caller got in full was billed; there may be more bills, for those who left.
    expect([...wholes].filter((requestId) => !billed.has(requestId))).toEqual([]);
    expect(wholes.size).toBeGreaterThan(calls / 5);
  }, 60_000);
});
