import { describe, expect, test } from 'vitest';
import { writeCsv } from './csv.ts';

const lineOf = (value: string | number | null) =>
  writeCsv(['a'], [[value]])
    .toString()
    .split('\r\n')[1];

describe('writeCsv', () => {
  test.each([
    ['plain', 'plain', 'plain'],
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'say "so"', '"say ""so"""'],
    ['a formula', '=1+1', "'=1+1"],
    ['a formula behind spaces', '  @sum', "'  @sum"],
    ['a full-width formula', '＝1', "'＝1"],
    ['a negative amount', '-0.5', '-0.5'],
    ['what only begins like one', '-1+cmd', "'-1+cmd"],
    ['a number', 12, '12'],
    ['nothing', null, ''],
  ])('writes %s', (_, value, written) => {
    expect(lineOf(value)).toBe(written);
  });

  test('begins with a mark, a line of names, and ends each line the same', () => {
    expect(writeCsv(['x', 'y'], [[1, 2]]).toString()).toBe('\ufeffx,y\r\n1,2\r\n');
  });
});
