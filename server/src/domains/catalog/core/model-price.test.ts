import { describe, expect, test } from 'vitest';
import { type ModelPrice, priceInForce } from './model-price.ts';

const at = new Date('2026-03-04T12:00:00Z');

function version(
  id: string,
  effectiveFrom: string,
  source: ModelPrice['source'] = 'operator',
): ModelPrice {
  return {
    id,
    model: 'm',
    currency: 'USD',
    prices: { input: 1n, output: 1n },
    tiers: [],
    serviceTiers: {},
    contextWindow: null,
    maxOutputTokens: null,
    effectiveFrom: new Date(effectiveFrom),
    source,
  };
}

describe('priceInForce', () => {
  const old = version('mpr_1', '2026-01-01T00:00:00Z');
  const current = version('mpr_2', '2026-03-04T12:00:00Z');
  const future = version('mpr_3', '2026-03-04T12:00:00.001Z');
  const dataset = version('mpr_9', '2026-03-01T00:00:00Z', 'dataset');

  test.each([
    ['the latest that has begun, its first instant included', [old, current, future], 'mpr_2'],
    ['the same in any order', [future, current, old], 'mpr_2'],
    ['an operator’s before a later one of the dataset', [old, dataset], 'mpr_1'],
    ['the dataset’s where the operator has none', [dataset, future], 'mpr_9'],
    [
      'the one added last of two that begin together',
      [current, version('mpr_4', '2026-03-04T12:00:00Z')],
      'mpr_4',
    ],
    ['none before the first begins', [future], undefined],
  ])('takes %s', (_what, versions, id) => {
    expect(priceInForce(versions, at)?.id).toBe(id);
  });
});
