import { expect, test } from 'vitest';
import { compare } from './comparison.ts';

test('every thing that any plan names has one row, with each plan’s word on it', () => {
  const calls = { key: 'quota requests month', label: 'Requests per month' };
  const support = { key: 'feature support', label: 'Support' };
  const free = [{ ...calls, value: '100' }];
  const pro = [
    { ...calls, value: '10,000' },
    { ...support, value: true },
  ];
  expect(compare([free, pro])).toEqual([
    { ...calls, values: ['100', '10,000'] },
    { ...support, values: [undefined, true] },
  ]);
});
