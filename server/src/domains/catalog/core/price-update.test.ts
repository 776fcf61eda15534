import { describe, expect, test } from 'vitest';
import type { ModelPrice } from './model-price.ts';
import { changesOf, findUpdates, percentOf } from './price-update.ts';

const now = new Date('2026-03-01T00:00:00Z');
const later = new Date('2026-06-01T00:00:00Z');
let made = 0;

function version(model: string, changes: Partial<ModelPrice> = {}): ModelPrice {
  made += 1;
  return {
    id: `mpr_${made}`,
    model,
    currency: 'USD',
    prices: { input: 2_000_000_000n, output: 8_000_000_000n },
    tiers: [],
    serviceTiers: {},
    contextWindow: null,
    maxOutputTokens: null,
    effectiveFrom: new Date(0),
    source: 'dataset',
    ...changes,
  };
}
const of = (...versions: ModelPrice[]) => Map.groupBy(versions, ({ model }) => model);
const dearer = { prices: { input: 3_000_000_000n, output: 8_000_000_000n } };

describe('findUpdates', () => {
  test('finds nothing where both say the same', () => {
    expect(findUpdates(of(version('m')), of(version('m')), now)).toEqual([]);
  });

  test('finds what is new, changed and gone, by model', () => {
    const book = of(version('changed'), version('gone'), version('own', { source: 'operator' }));
    const updates = findUpdates(book, of(version('new'), version('changed', dearer)), now);
    expect(updates.map(({ kind, model }) => [model, kind])).toEqual([
      ['changed', 'changed'],
      ['gone', 'gone'],
      ['new', 'new'],
    ]);
  });

  test('compares with what is in force, an operator’s version too', () => {
    const own = version('m', { ...dearer, source: 'operator' });
    const [update] = findUpdates(of(version('m'), own), of(version('m')), now);
    expect(update).toMatchObject({ kind: 'changed', before: { id: own.id } });
  });

  test('knows what is announced for later', () => {
    const published = of(version('m'), version('m', { ...dearer, effectiveFrom: later }));
    const [update, ...more] = findUpdates(of(version('m')), published, now);
    expect(update).toMatchObject({ kind: 'changed', effectiveFrom: later });
    expect(more).toEqual([]);
    const announced = version('m', { ...dearer, effectiveFrom: later });
    expect(findUpdates(of(version('m'), announced), published, now)).toEqual([]);
  });

  test('has an id of exactly this difference', () => {
    const idOf = (own: ModelPrice, listed: ModelPrice) =>
      findUpdates(of(own), of(listed), now)[0]?.id;
    const first = idOf(version('m'), version('m', dearer));
    expect(idOf(version('m'), version('m', dearer))).toBe(first);
    const dearest = { prices: { input: 4_000_000_000n, output: 8_000_000_000n } };
    expect(idOf(version('m'), version('m', dearest))).not.toBe(first);
    expect(idOf(version('m', dearest), version('m', dearer))).not.toBe(first);
  });

  test('keeps what no list says: fees of a call, reasoning, ways of serving', () => {
    const own = version('m', {
      prices: { input: 1n, output: 8_000_000_000n, request: 5n, reasoning: 7n },
      serviceTiers: { flex: { input: 1n } },
      maxOutputTokens: 4096,
    });
    const [update] = findUpdates(of(own), of(version('m')), now);
    expect(update?.after).toEqual({
      prices: { input: 2_000_000_000n, output: 8_000_000_000n, request: 5n, reasoning: 7n },
      tiers: [],
      serviceTiers: { flex: { input: 1n } },
      contextWindow: null,
      maxOutputTokens: 4096,
    });
  });
});

describe('changesOf', () => {
  test('says what differs in each tier, which costs what is below it where one side has none', () => {
    const [update] = findUpdates(
      of(version('m')),
      of(
        version('m', {
          tiers: [
            {
              aboveInputTokens: 200_000,
              prices: { input: 4_000_000_000n, output: 8_000_000_000n },
            },
          ],
        }),
      ),
      now,
    );
    expect(update && changesOf(update)).toEqual([
      {
        aboveInputTokens: 200_000,
        position: 'input',
        before: 2_000_000_000n,
        after: 4_000_000_000n,
      },
    ]);
  });
});

describe('percentOf', () => {
  test.each([
    [100n, 112n, '12'],
    [100n, 87n, '-13'],
    [8n, 7n, '-12.5'],
    [3n, 4n, '33.3'],
    [0n, 5n, undefined],
    [undefined, 5n, undefined],
  ])('from %s to %s: %s', (before, after, expected) => {
    expect(percentOf(before, after)).toBe(expected);
  });
});
