import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { idAt, instantOf, isIdOf, newId } from './ids.ts';

const instants = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });

property.prop([instants, instants])('ids sort as the instants inside them', (a, b) => {
  const [idA, idB] = [newId('req', a), newId('req', b)];
  if (a < b) expect(idA < idB).toBe(true);
  expect(instantOf(idA)).toEqual(a);
  expect(idA >= idAt('req', a)).toBe(true);
});

test('a hundred thousand ids of one instant are all different', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  expect(new Set(Array.from({ length: 100_000 }, () => newId('req', at))).size).toBe(100_000);
});

test('ids that a process makes for one instant sort in the order in which it makes them', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const ids = Array.from({ length: 5_000 }, () => newId('inv', at));
  expect([...ids].sort()).toEqual(ids);
});

test('an id is told from what only looks like one', () => {
  const id = newId('aud', new Date('2026-01-01T00:00:00Z'));
  expect(isIdOf('aud', id)).toBe(true);
  for (const text of [
    `${id}0`,
    id.slice(0, -1),
    id.replace('aud', 'inv'),
    'aud_',
    `${id.slice(0, -1)}u`,
  ]) {
    expect(isIdOf('aud', text), text).toBe(false);
  }
});
