import { describe, expect, test } from 'vitest';
import { cyclePriceOf, outcomeOf } from './preview.ts';

describe('outcomeOf', () => {
  test.each([
    [
      'there is something to pay',
      { total: '20.00', due: '15.00' },
      { kind: 'pay', amount: '15.00' },
    ],
    ['credit covers it', { total: '20.00', due: '0.00' }, { kind: 'nothing' }],
    ['it costs nothing', { total: '0.00', due: '0.00' }, { kind: 'nothing' }],
    [
      'more is given back than taken',
      { total: '-3.50', due: '0.00' },
      { kind: 'credit', amount: '3.5' },
    ],
  ])('%s', (_, preview, outcome) => {
    expect(outcomeOf(preview)).toEqual(outcome);
  });
});

test('a cycle costs the price of all seats', () => {
  expect(cyclePriceOf({ amount: '29.99', quantity: 3 })).toBe('89.97');
});
