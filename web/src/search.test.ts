import { expect, test } from 'vitest';
import { parseSearch, searchOf, stringifySearch } from './search.ts';

test('a token of digits stays the text it was', () => {
  const read = searchOf('token')(parseSearch('?token=00012345678901234567890'));
  expect(read).toEqual({ token: '00012345678901234567890' });
});

test('what a route does not know is dropped, and so is what is empty', () => {
  expect(searchOf('model')({ model: '', other: 'x' })).toEqual({});
});

test('an address survives being carried in another', () => {
  const next = '/calls?model=gpt-4o-mini&key=key_1';
  expect(searchOf('next')(parseSearch(stringifySearch({ next })))).toEqual({ next });
});
