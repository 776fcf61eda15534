import { describe, expect, test } from 'vitest';
import { countOf, run } from './testing.ts';

describe('simulatePayments', () => {
  test('credits each of two thousand payments once, although one of two servers is killed', async () => {
    const outcome = await run({ seed: 1, payments: 2_000 });
    expect(outcome.findings).toEqual([]);
    for (const mishap of ['forged', 'copies', 'delayed', 'dropped', 'ackLost', 'call silent']) {
      expect(outcome.mishaps.get(mishap), mishap).toBeGreaterThan(10);
    }
    expect(countOf(outcome, ', paid')).toBeGreaterThan(1_500);
    for (const [provider, lines] of outcome.matched) expect(lines, provider).toBeGreaterThan(200);
  });

  test('comes to the same for the same seed, and to something else for another', async () => {
    const scale = { payments: 60 };
    const [one, again, other] = [
      await run({ ...scale, seed: 3 }),
      await run({ ...scale, seed: 3 }),
      await run({ ...scale, seed: 4 }),
    ];
    expect(again.digest).toBe(one.digest);
    expect(other.digest).not.toBe(one.digest);
  });
});
