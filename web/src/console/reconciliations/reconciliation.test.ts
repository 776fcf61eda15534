import { describe, expect, test } from 'vitest';
import { type Reconciliation, reasonsOf, standingOf, type Totals } from './reconciliation.ts';

const counts = { matched: 3, missing_here: 1, missing_there: 0, different: 0, open: 0 };

describe('standingOf', () => {
  test.each<[Reconciliation['status'], number, string]>([
    ['done', 0, 'clean'],
    ['done', 1, 'open'],
    ['waiting', 1, 'waiting'],
    ['running', 0, 'running'],
    ['failed', 0, 'failed'],
  ])('%s with %i open is %s', (status, open, standing) => {
    const day = { status, counts: { ...counts, open } } as Reconciliation;
    expect(standingOf(day)).toBe(standing);
  });
});

describe('reasonsOf', () => {
  test('leaves out what does not apply, however zero is written', () => {
    const because = {
      ...{ missing_here: '72.00', missing_there: '-0.10', different: '0.00' },
      ...{ other_days: '0', nobodys: '-0.00', other: '0.000' },
    };
    expect(reasonsOf({ because } as Totals)).toEqual(['missing_here', 'missing_there']);
  });
});
