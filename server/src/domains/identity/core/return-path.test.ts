import { describe, expect, test } from 'vitest';
import { returnPathOf } from './return-path.ts';

describe('returnPathOf', () => {
  test.each([
    ['/keys?q=1#top', '/keys?q=1#top'],
    ['/a/../keys', '/keys'],
    [undefined, '/dashboard'],
    ['', '/dashboard'],
    ['keys', '/dashboard'],
    ['https://evil.example/', '/dashboard'],
    ['//evil.example', '/dashboard'],
    ['/\\evil.example', '/dashboard'],
    ['/\t/evil.example', '/dashboard'],
    ['/ /evil.example', '/dashboard'],
    ['/a/..//evil.example', '/dashboard'],
    ['/%2e%2e//evil.example', '/dashboard'],
    ['javascript:alert(1)', '/dashboard'],
  ])('of %j is %j', (wanted, path) => {
    expect(returnPathOf(wanted, 'https://sluice.example')).toBe(path);
  });
});
