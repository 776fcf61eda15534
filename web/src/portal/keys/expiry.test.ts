import { expect, test } from 'vitest';
import { expiryAfter } from './expiry.ts';

test.each([
  ['never', null],
  [7, '2028-03-06T10:00:00.000Z'],
  ['year', '2029-02-28T10:00:00.000Z'],
] as const)('a key that lives %s ends at %s', (expiry, end) => {
  expect(expiryAfter(expiry, new Date('2028-02-28T10:00:00Z'))).toBe(end);
});
