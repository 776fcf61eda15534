import { describe, expect, test } from 'vitest';
import { canDrill, dimensionOf, drillInto, filtersOf, rangeOf } from './filters.ts';

describe('drillInto', () => {
  test('keeps what was chosen and goes on to the next way to split', () => {
    const first = drillInto({ days: '7' }, 'cost_center', 'cct_1');
    expect(first).toEqual({ days: '7', cost_center: 'cct_1', by: 'member' });
    expect(drillInto(first, 'member', 'none')).toEqual({
      ...{ days: '7', cost_center: 'cct_1', member: 'none' },
      by: 'application',
    });
  });

  test('stays where everything is chosen', () => {
    const all = { cost_center: 'a', member: 'b', application: 'c', model: 'd' };
    expect(drillInto(all, 'api_key', 'e').by).toBe('api_key');
  });
});

describe('an address', () => {
  test('that says nothing, or nonsense, shows 30 days by cost center', () => {
    expect(dimensionOf({ by: 'x' })).toBe('cost_center');
    expect(rangeOf({ days: '31' })).toBe(30);
    expect(filtersOf({})).toEqual([]);
  });

  test('names its filters in their order', () => {
    expect(filtersOf({ model: 'm', member: 'u' })).toEqual([
      { dimension: 'member', value: 'u' },
      { dimension: 'model', value: 'm' },
    ]);
  });
});

test('what is of none can be opened where there is a name for it', () => {
  expect(canDrill('cost_center', '')).toBe(true);
  expect(canDrill('application', '')).toBe(false);
  expect(canDrill('application', 'app_1')).toBe(true);
});
