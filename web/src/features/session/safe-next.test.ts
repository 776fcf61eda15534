import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test.each([
  ['/calls?model=gpt-4o-mini', '/calls?model=gpt-4o-mini'],
  [undefined, '/dashboard'],
  ['https://evil.example', '/dashboard'],
  ['//evil.example', '/dashboard'],
  ['/\\evil.example', '/dashboard'],
  ['javascript:alert(1)', '/dashboard'],
  ['/\t/evil.example', '/dashboard'],
  ['/\n/evil.example', '/dashboard'],
  ['/calls/\\evil.example', '/dashboard'],
  ['', '/dashboard'],
  ['/', '/'],
  ['/billing/invoices?status=open#first', '/billing/invoices?status=open#first'],
])('after signing in, %s leads to %s', (next, path) => {
  expect(safeNext(next)).toBe(path);
});
