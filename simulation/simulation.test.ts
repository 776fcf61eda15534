import { describe, expect, test } from 'vitest';
import { happened, run } from './testing.ts';

describe('simulate', () => {
  test('ends two months of eight organizations with books that prove themselves', async () => {
    const outcome = await run({ seed: 7, organizations: 8, months: 2 });
    expect(outcome.findings).toEqual([]);
    // Months in which nothing happened would prove nothing.
    for (const what of ['subscribe', 'upgrade', 'downgrade', 'pay by transfer', 'credit']) {
      expect(happened(outcome, what), what).toBeGreaterThan(0);
    }
    expect(happened(outcome, 'call: permit')).toBeGreaterThan(100);
    expect(happened(outcome, 'call: quota_required')).toBeGreaterThan(50);
  }, 180_000);

  test('comes to the same for the same seed, and to something else for another', async () => {
    const scale = { organizations: 2, months: 1 };
    // Side by side: what one does is nothing to another either.
    const seeds = [3, 3, 4];
    const [one, again, other] = await Promise.all(seeds.map((seed) => run({ ...scale, seed })));
    expect(again?.digest).toBe(one?.digest);
    expect(again?.totals).toEqual(one?.totals);
    expect(other?.digest).not.toBe(one?.digest);
  }, 180_000);
});
