import { describe, expect, test } from 'vitest';
import { changesOf, type Field, valuesOf } from './changes.ts';

const field = (fields: Partial<Field>): Field => ({
  key: 'pid',
  kind: 'text',
  label: { en: 'PID', 'zh-CN': 'PID' },
  help: null,
  required: true,
  options: null,
  value: null,
  is_set: false,
  ...fields,
});

const fields = [
  field({ key: 'pid', value: '10510', is_set: true }),
  field({ key: 'key', kind: 'secret', is_set: true }),
  field({ key: 'rates', kind: 'rates', value: { USD: '7.2' } }),
  field({ key: 'confirm', kind: 'boolean', value: true }),
];

describe('changesOf', () => {
  test('sends nothing where nothing was changed', () => {
    expect(changesOf(fields, valuesOf(fields))).toEqual({});
  });

  test('sends what was changed, and a secret only when one was typed', () => {
    const written = { ...valuesOf(fields), key: 'new', confirm: false, rates: { USD: '7.3' } };
    expect(changesOf(fields, written)).toEqual({
      key: 'new',
      confirm: false,
      rates: { USD: '7.3' },
    });
  });

  test('sends an emptied field back to its default', () => {
    expect(changesOf(fields, { ...valuesOf(fields), pid: '' })).toEqual({ pid: null });
  });
});
