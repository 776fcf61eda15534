/** What every store of rates promises, tried on each of them by real time. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Demand, type RateStore, slicesPerWindow, type Take } from '../store.ts';

/** Short, so that it can be waited for; the store is told of the length with each take. */
const windowMs = 600;
const sliceMs = windowMs / slicesPerWindow;

export const requests = (limit: number, name = 'requests'): Demand => ({
  ...{ kind: 'window', role: 'requests', amount: 1, windowMs },
  ...{ name, limit },
});
export const tokens = (limit: number, amount: number): Demand => ({
  ...{ kind: 'window', role: 'tokens', name: 'tokens', windowMs },
  ...{ limit, amount },
});
export const slot = (limit: number): Demand => ({ kind: 'slot', name: 'slots', limit });

/** A call of a group, with the name that it is given back under. */
export function call(group: string, demands: readonly Demand[], leaseMs = 10_000) {
  const take: Take = { group, id: randomUUID(), leaseMs, demands };
  const lease = { group, id: take.id, names: demands.map(({ name }) => name) };
  return { take, lease };
}

export function describeStore(name: string, open: () => Promise<RateStore>): void {
  let opened: RateStore;
  beforeAll(async () => {
    opened = await open();
  });
  const tried = tryStore(() => opened);
  describe(`take (${name})`, () => tryTakes(tried));
  describe(`give (${name})`, () => tryGifts(tried));
  describe(`renew (${name})`, () => tryRenewals(tried));
}

type Tried = ReturnType<typeof tryStore>;

function tryStore(store: () => RateStore) {
  const take = async (group: string, ...demands: Demand[]) =>
    (await store().take(call(group, demands).take)).refused;
  return {
    store,
    /** Answers which demand was refused. */
    take,
    /** Tries so often until the store says yes. */
    async takeAgain(group: string, demand: Demand): Promise<void> {
      const deadline = performance.now() + 5_000;
      while ((await take(group, demand)) !== undefined) {
        if (performance.now() > deadline) throw new Error('it never came free');
        await sleep(2);
      }
    },
  };
}

function tryTakes({ store, take, takeAgain }: Tried): void {
  test('takes up to the limit of a window, and says what is used', async () => {
    const group = randomUUID();
    const { take: first } = call(group, [requests(2)]);
    expect(await store().take(first)).toMatchObject({
      refused: undefined,
      states: [{ used: 1, resetMs: expect.toSatisfy((ms) => ms > windowMs - sliceMs) }],
    });
    expect(await take(group, requests(2))).toBeUndefined();
    const refused = await store().take(call(group, [requests(2)]).take);
    expect(refused).toMatchObject({ refused: 0, states: [{ used: 2 }] });
    expect(refused.retryMs).toBeGreaterThan(0);
    expect(refused.retryMs).toBeLessThanOrEqual(windowMs + sliceMs);
  });

  test('frees a window no sooner than its length, and no later than a slice more', async () => {
    const group = randomUUID();
    const began = performance.now();
    await take(group, requests(1));
    const { retryMs } = await store().take(call(group, [requests(1)]).take);
    await takeAgain(group, requests(1));
    const passed = performance.now() - began;
    expect(passed).toBeGreaterThan(windowMs - 5);
    expect(passed).toBeGreaterThan(retryMs - 5);
  });

  test('takes nothing of any where one of several is not met, and names it', async () => {
    const group = randomUUID();
    await take(group, slot(1));
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await take(group, requests(2), tokens(10, 6), slot(1))).toBe(2);
    }
    expect(await take(group, requests(2), tokens(10, 6))).toBeUndefined();
    expect(await take(group, requests(2), tokens(10, 6))).toBe(1);
  });

  test('applies whatever limit it is told now', async () => {
    const group = randomUUID();
    for (const [limit, refused] of [
      [1, undefined],
      [1, 0],
      [2, undefined],
      [1, 0],
      [0, 0],
    ]) {
      expect(await take(group, slot(limit ?? 0))).toBe(refused);
    }
  });

  test('keeps groups and names apart', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    expect(await take(one, requests(1))).toBeUndefined();
    expect(await take(other, requests(1))).toBeUndefined();
    expect(await take(one, requests(1, 'of the key'))).toBeUndefined();
    expect(await take(one, requests(1))).toBe(0);
  });

  test('never gives one place too many to those who ask at once', async () => {
    const group = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 200 }, () => take(group, requests(150), slot(37))),
    );
    expect(all.filter((refused) => refused === undefined)).toHaveLength(37);
  });
}

function tryGifts({ store, take }: Tried): void {
  test('gives everything back once, as if it had never been taken', async () => {
    const group = randomUUID();
    const { take: taken, lease } = call(group, [requests(1), tokens(10, 10), slot(1)]);
    await store().take(taken);
    expect(await store().give(lease, undefined)).toBe(true);
    expect(await store().give(lease, undefined)).toBe(false);
    expect(await take(group, requests(1), tokens(10, 10), slot(1))).toBeUndefined();
    expect(await take(group, requests(1))).toBe(0);
  });

  test('puts the tokens that were used in place of those taken, and keeps the request', async () => {
    const group = randomUUID();
    const { take: taken, lease } = call(group, [requests(1), tokens(10, 10), slot(1)]);
    await store().take(taken);
    expect(await store().give(lease, 4)).toBe(true);
    expect(await take(group, tokens(10, 7))).toBe(0);
    expect(await take(group, tokens(10, 6), slot(1))).toBeUndefined();
    expect(await take(group, requests(1))).toBe(0);
  });

  test('may count more tokens than the limit', async () => {
    const group = randomUUID();
    const { take: taken, lease } = call(group, [tokens(10, 5)]);
    await store().take(taken);
    await store().give(lease, 25);
    const { states, refused } = await store().take(call(group, [tokens(10, 1)]).take);
    expect({ states, refused }).toMatchObject({ states: [{ used: 25 }], refused: 0 });
  });

  test('knows no lease of somebody else, and none that was not to be given back', async () => {
    const group = randomUUID();
    const { take: taken, lease } = call(group, [requests(1)], 0);
    await store().take(taken);
    expect(await store().give(lease, undefined)).toBe(false);
    expect(await store().give({ ...lease, group: randomUUID() }, undefined)).toBe(false);
  });
}

function tryRenewals({ store, take, takeAgain }: Tried): void {
  test('keeps a slot that would end by itself', async () => {
    const group = randomUUID();
    const left = call(group, [slot(2)], 100);
    const kept = call(group, [slot(2)], 100);
    await store().take(left.take);
    await store().take(kept.take);
    expect(await take(group, slot(2))).toBe(0);
    expect(await store().renew(kept.lease, 60_000)).toBe(true);
    await takeAgain(group, slot(2));
    expect(await take(group, slot(2))).toBe(0);
    expect(await store().give(kept.lease, undefined)).toBe(true);
    expect(await store().renew(kept.lease, 1_000)).toBe(false);
    expect(await take(group, slot(2))).toBeUndefined();
  });
}
