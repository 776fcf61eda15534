import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { csvField, writeCsv } from './csv.ts';

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

describe('csvField', () => {
  property.prop([fc.string({ unit: 'binary' })])(
    'begins no formula, and each can be read back',
    (text) => {
      const field = csvField(text);
      const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
      expect([text, `'${text}`]).toContain(read);
      if (!/^-?\d+(\.\d+)?$/.test(text)) expect(read).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      if (!field.startsWith('"')) expect(field).not.toMatch(/[",\r\n]/);
    },
  );
});
