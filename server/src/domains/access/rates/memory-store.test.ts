import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { type RateStore, slicesPerWindow } from './store.ts';
import { call, describeStore, requests, slot, tokens } from './testkit/store-contract.ts';

describeStore('memory', async () => createMemoryStore(() => performance.now() + 1e12));

const windowMs = 600;
const sliceMs = windowMs / slicesPerWindow;

interface Step {
  passMs: number;
  kind: 'take' | 'give' | 'settle' | 'renew';
  amount: number;
  /** Which of the open calls. */
  which: number;
}
const step = fc.record<Step>({
  // Mostly a little; now and then about a whole window.
  passMs: fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: windowMs - 60, max: windowMs + 40 }) },
  ),
  kind: fc.constantFrom('take', 'take', 'take', 'take', 'settle', 'settle', 'give', 'renew'),
  amount: fc.integer({ min: 1, max: 9 }),
  which: fc.nat(),
});
const limits = { requests: 4, tokens: 20, slots: 4 };
const leaseMs = 1_000;

interface Made {
  atMs: number;
  endsAtMs: number;
  amount: number;
  lease: ReturnType<typeof call>['lease'];
}

/** What was taken within the span that ends now. */
function within(made: readonly Made[], spanMs: number, now: number) {
  const recent = made.filter(({ atMs }) => atMs > now - spanMs);
  return {
    requests: recent.length,
    tokens: recent.reduce((sum, { amount }) => sum + amount, 0),
  };
}

/** Walks through the steps beside the plainest model: a list of all that was taken. */
async function walk(store: RateStore, clock: { now: number }, steps: readonly Step[]) {
  let made: Made[] = [];
  let open: Made[] = [];
  const live = () => open.filter(({ endsAtMs }) => endsAtMs > clock.now).length;
  for (const { passMs, kind, amount, which } of steps) {
    clock.now += passMs;
    const chosen = open[which % Math.max(1, open.length)];
    if (kind === 'take') {
      const { take, lease } = call(
        'org_1',
        [requests(limits.requests), tokens(limits.tokens, amount), slot(limits.slots)],
        leaseMs,
      );
      const { refused } = await store.take(take);
      const sooner = within(made, windowMs, clock.now);
      const later = within(made, windowMs + sliceMs, clock.now);
      if (refused === undefined) {
        expect(sooner.requests).toBeLessThan(limits.requests);
        expect(sooner.tokens + amount).toBeLessThanOrEqual(limits.tokens);
        expect(live()).toBeLessThan(limits.slots);
        const one = { atMs: clock.now, endsAtMs: clock.now + leaseMs, amount, lease };
        made.push(one);
        open.push(one);
      } else {
        const isFull = [
          later.requests >= limits.requests,
          later.tokens + amount > limits.tokens,
          live() >= limits.slots,
        ];
        expect(isFull[refused]).toBe(true);
      }
    } else if (chosen && kind === 'renew') {
      if (await store.renew(chosen.lease, leaseMs)) chosen.endsAtMs = clock.now + leaseMs;
    } else if (chosen) {
      const given = await store.give(chosen.lease, kind === 'settle' ? 1 : undefined);
      open = open.filter((one) => one !== chosen);
      if (!given) continue;
      if (kind === 'settle') chosen.amount = 1;
      else made = made.filter((one) => one !== chosen);
    }
  }
  return open;
}

describe('createMemoryStore', () => {
  property.prop([fc.array(step, { minLength: 20, maxLength: 120 }), fc.nat({ max: 10_000 })], {
    numRuns: 300,
  })(
    'lets no more than the limit through in any window, and refuses only what a slice more would',
    async (steps, beganMs) => {
      const clock = { now: 1e12 + beganMs };
      await walk(
        createMemoryStore(() => clock.now),
        clock,
        steps,
      );
    },
  );

  property.prop([fc.array(step, { maxLength: 120 })])(
    'has every place free again when all was given back, and keeps nothing',
    async (steps) => {
      const clock = { now: 1e12 };
      const store = createMemoryStore(() => clock.now);
      for (const { lease } of await walk(store, clock, steps)) await store.give(lease, undefined);
      for (let slots = 0; slots < limits.slots; slots += 1) {
        const { take } = call('org_1', [slot(limits.slots)], 10);
        expect((await store.take(take)).refused).toBeUndefined();
      }
      clock.now += 200_000;
      // The next call sweeps; it alone is kept then: its window.
      await store.take(call('org_2', [requests(1)], 0).take);
      expect(store.size()).toBe(1);
    },
  );

  test('counts on where the clock goes back', async () => {
    const clock = { now: 1e12 };
    const store = createMemoryStore(() => clock.now);
    const take = async () => (await store.take(call('org_1', [requests(2)]).take)).refused;
    expect(await take()).toBeUndefined();
    clock.now -= 5_000;
    expect([await take(), await take()]).toEqual([undefined, 0]);
    clock.now += 5_000 + windowMs + sliceMs;
    expect(await take()).toBeUndefined();
  });

  test('decides a call with six limits in microseconds', async () => {
    const store = createMemoryStore(() => performance.now() + 1e12);
    const count = 50_000;
    let refused = 0;
    const began = performance.now();
    for (let made = 0; made < count; made += 1) {
      const of = `org_${made % 1_000}`;
      const demands = [requests(1e6), tokens(1e9, 500), slot(1e4)];
      const { take, lease } = call(
        of,
        [...demands, ...demands.map((demand) => ({ ...demand, name: `key:${demand.name}` }))],
        60_000,
      );
      if ((await store.take(take)).refused !== undefined) refused += 1;
      await store.give(lease, 400);
    }
    expect(refused).toBe(0);
    const each = ((performance.now() - began) / count) * 1000;
    console.log(`memory: ${each.toFixed(1)} µs to take and give six limits`);
  });
});
