import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { instantArray, plainArray, readArray, textArray } from './array-literal.ts';

const parse = pg.types.getTypeParser(1009 as number, 'text') as (text: string) => unknown;

test('textArray writes any text as the driver reads it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('NULL', 'null', '', ' ', '{}', '\\"', 'a,b'))),
      (values) => {
        expect(parse(textArray(values))).toEqual(values);
      },
    ),
  );
});

test('plainArray and readArray are each other’s inverse', () => {
  expect(readArray(plainArray([]))).toEqual([]);
  expect(plainArray(['a_1', null, 7n, true])).toBe('{a_1,null,7,true}');
  expect(readArray('{a_1,NULL,7}')).toEqual(['a_1', null, '7']);
});

test('instantArray writes instants in UTC', () => {
  expect(instantArray([new Date(0)])).toBe('{1970-01-01T00:00:00.000Z}');
});
