import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test.each([
  ['/calls?model=gpt-4o-mini', '/calls?model=gpt-4o-mini'],
  [undefined, '/dashboard'],
  ['https://evil.example', '/dashboard'],
  ['//evil.example', '/dashboard'],
  ['/\\evil.example', '/dashboard'],
  ['javascript:alert(1)', '/dashboard'],
])('after signing in, %s leads to %s', (next, path) => {
  expect(safeNext(next)).toBe(path);
});
