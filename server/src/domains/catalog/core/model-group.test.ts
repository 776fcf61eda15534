import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMultiplier, parseMultiplier } from '../../../platform/multiplier.ts';
import {
  covers,
  findConflict,
  findShared,
  type GroupVersion,
  lastBegun,
  type ModelGroup,
} from './model-group.ts';
import { multiplyPrice } from './multiply-price.ts';

const day = (count: number) => new Date(Date.UTC(2026, 0, count));
let made = 0;
function version(models: string[], from = day(1)): GroupVersion {
  made += 1;
  return { id: `v${made}`, models, multiplierMillionths: 1_200_000n, effectiveFrom: from };
}
const group = (slug: string, ...versions: GroupVersion[]): ModelGroup => ({
  id: slug,
  slug,
  name: slug,
  createdAt: day(1),
  versions,
});

describe('covers', () => {
  test.each([
    ['claude-*', 'claude-opus-4', true],
    ['claude-*', 'claude', false],
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['*', 'anything', true],
  ])('%s and %s: %s', (pattern, model, expected) => {
    expect(covers([pattern], model)).toBe(expected);
  });
});

describe('findShared', () => {
  test.each([
    ['claude-*', 'claude-opus-*', true],
    ['claude-opus-*', 'claude-*', true],
    ['claude-*', 'gpt-*', false],
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4*', true],
    ['gpt-4*', 'gpt-4o', true],
    ['gpt-5*', 'gpt-4o', false],
    ['*', 'gpt-4o', true],
  ])('%s and %s: %s', (own, other, expected) => {
    expect(findShared([own], [other]) !== undefined).toBe(expected);
  });

  test('says yes exactly where a name fits both', () => {
    const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 }).map((all) => all.join(''));
    const pattern = fc
      .tuple(name, fc.boolean())
      .map(([text, isPrefix]) => text + (isPrefix ? '*' : ''));
    // Beginnings have at most four letters, so that names of five tell all cases apart.
    const names = allNames(5);
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const isShared = names.some((text) => covers([one], text) && covers([other], text));
        expect(findShared([one], [other]) !== undefined).toBe(isShared);
      }),
    );
  });
});

function allNames(lengthMax: number): string[] {
  const names = [''];
  for (const name of names) {
    if (name.length < lengthMax) names.push(`${name}a`, `${name}b`);
  }
  return names;
}

describe('findConflict', () => {
  const others = [
    group('claude', version(['claude-*'], day(1)), version(['claude-opus-*'], day(10))),
  ];

  test('refuses what another group has now', () => {
    const found = findConflict(version(['claude-haiku-4'], day(5)), [], others);
    expect(found).toMatchObject({ own: 'claude-haiku-4', other: 'claude-*' });
  });

  test('lets a group take what the other has given up by then', () => {
    expect(findConflict(version(['claude-haiku-4'], day(10)), [], others)).toBeUndefined();
    expect(findConflict(version(['claude-opus-4'], day(10)), [], others)).toBeDefined();
  });

  test('ends where the group itself says something else', () => {
    const own = [version([], day(8))];
    const later = [group('later', version(['gpt-*'], day(9)))];
    expect(findConflict(version(['gpt-4o'], day(2)), own, later)).toBeUndefined();
    expect(findConflict(version(['gpt-4o'], day(2)), [], later)).toBeDefined();
  });
});

describe('lastBegun', () => {
  test('takes the last that has begun', () => {
    const all = [version([], day(1)), version([], day(3))];
    expect(lastBegun(all, day(2))).toBe(all[0]);
    expect(lastBegun(all, day(3))).toBe(all[1]);
    expect(lastBegun(all, day(0))).toBeUndefined();
  });
});

describe('multipliers', () => {
  test.each(['1', '1.2', '0.000001', '1000', '0.999999'])('%s is read and written', (text) => {
    expect(formatMultiplier(parseMultiplier(text))).toBe(text);
  });

  test('multiply every price that a version has', () => {
    const price = multiplyPrice(
      {
        id: 'mpr_1',
        model: 'm',
        currency: 'USD',
        prices: { input: 1_000_000_000n, output: 3n, search: 10n },
        tiers: [{ aboveInputTokens: 5, prices: { input: 2n, output: 4n } }],
        serviceTiers: { flex: { input: 100n } },
        contextWindow: null,
        maxOutputTokens: null,
        effectiveFrom: day(1),
        source: 'operator',
      },
      1_500_000n,
    );
    expect(price).toMatchObject({
      prices: { input: 1_500_000_000n, output: 5n, search: 15n },
      tiers: [{ aboveInputTokens: 5, prices: { input: 3n, output: 6n } }],
      serviceTiers: { flex: { input: 150n } },
    });
  });
});
