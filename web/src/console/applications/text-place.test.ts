import { describe, expect, test } from 'vitest';
import { lineAt, offsetAt } from './text-place.ts';

const text = 'application:\n  slug: clinic\n  name: 诊所\n';

describe('offsetAt', () => {
  test.each([
    [1, 1, 0],
    [2, 3, 15],
    [3, 9, 36],
    [9, 1, text.length],
  ])('line %i, column %i is character %i', (line, column, offset) => {
    expect(offsetAt(text, { line, column })).toBe(offset);
  });
});

test('lineAt gives the line as it stands, and nothing past the end', () => {
  expect(lineAt(text, 2)).toBe('  slug: clinic');
  expect(lineAt(text, 20)).toBe('');
});
