import { describe, expect, test } from 'vitest';
import { planOf } from './story.ts';
import { countOf, run } from './testing.ts';

describe('simulatePayments', () => {
  test('credits each of a hundred payments once, although one of two servers is killed', async () => {
    const outcome = await run({ seed: 7, payments: 100 });
    expect(outcome.findings).toEqual([]);
    // Good weather would prove nothing.
    for (const mishap of ['forged', 'copies', 'delayed', 'dropped', 'ackLost', 'call lost']) {
      expect(outcome.mishaps.get(mishap), mishap).toBeGreaterThan(2);
    }
    expect(countOf(outcome, ', paid')).toBeGreaterThan(60);
    expect(countOf(outcome, 'not paid')).toBeGreaterThan(5);
    for (const [provider, lines] of outcome.matched) expect(lines, provider).toBeGreaterThan(10);
  }, 120_000);

  test('draws the same story from the same seed, and another from another', () => {
    const providers = ['one', 'two'];
    const storyOf = (seed: number) =>
      Array.from({ length: 50 }, (_, index) => planOf(seed, index, providers));
    expect(storyOf(3)).toEqual(storyOf(3));
    expect(storyOf(3)).not.toEqual(storyOf(4));
  });
});
