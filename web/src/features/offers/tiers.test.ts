import { expect, test } from 'vitest';
import { tierRanges } from './tiers.ts';

test('a tier begins where the one before it ends', () => {
  const tiers = [
    { up_to: '1000', unit_amount: '0.1' },
    { up_to: '5000', unit_amount: '0.08' },
    { up_to: null, unit_amount: '0.05' },
  ];
  expect(tierRanges(tiers).map(({ above, upTo }) => [above, upTo])).toEqual([
    [null, '1000'],
    ['1000', '5000'],
    ['5000', null],
  ]);
});

test('a single tier has no ends', () => {
  expect(tierRanges([{ up_to: null, unit_amount: '1' }])).toMatchObject([
    { above: null, upTo: null },
  ]);
});
