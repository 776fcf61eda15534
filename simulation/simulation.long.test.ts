import { describe, expect, test } from 'vitest';
import { happened, run } from './testing.ts';

describe('simulate', () => {
  test('ends a year of five hundred organizations with books that prove themselves', async () => {
    const outcome = await run({ seed: 1, organizations: 500, months: 12 });
    expect(outcome.findings).toEqual([]);
    for (const what of [
      'subscribe',
      'upgrade',
      'downgrade',
      'pause',
      'resume',
      'cancel',
      'credit',
    ]) {
      expect(happened(outcome, what), what).toBeGreaterThan(50);
    }
    expect(happened(outcome, 'call: permit')).toBeGreaterThan(1_000);
  });
});
