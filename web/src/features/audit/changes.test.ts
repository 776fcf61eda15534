import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

test('shows what changed, what came and what went', () => {
  expect(
    changesOf({
      old_values: { name: 'Starter', price: '30.00', note: 'old' },
      new_values: { name: 'Starter', price: '35.00', days: 30 },
    }),
  ).toEqual([
    { field: 'price', before: '30.00', after: '35.00' },
    { field: 'note', before: 'old', after: '–' },
    { field: 'days', before: '–', after: '30' },
  ]);
});

test('has nothing to show for an entry without values', () => {
  expect(changesOf({ old_values: null, new_values: null })).toEqual([]);
});

test('names a field within others, and leaves its unchanged neighbours out', () => {
  expect(
    changesOf({
      old_values: { settings: { pid: '1001', hosts: ['a'] }, empty: {} },
      new_values: { settings: { pid: '1001', hosts: ['a', 'b'] }, empty: { x: 1 } },
    }),
  ).toEqual([
    { field: 'settings.hosts', before: '[\n "a"\n]', after: '[\n "a",\n "b"\n]' },
    { field: 'empty', before: '{}', after: '–' },
    { field: 'empty.x', before: '–', after: '1' },
  ]);
});
