import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from './example.ts';
import { examples } from './examples.ts';
import { closeWorld, customer } from './world.ts';

// The database takes a moment to start, and the first example must not wait for it.
beforeAll(() => customer({}), 60_000);
afterAll(closeWorld, 60_000);

/** More than a few would mean that we follow rules of our own. */
const differencesMax = 6;

describe('examples that other systems published', () => {
  test.each(examples.map((example) => [example.id, example] as const))(
    '%s',
    async (_id, example) => {
      const { ours, verdict } = await judge(example);
      if (example.differs === undefined) expect(ours).toEqual(example.expected);
      else expect(verdict).toBe('differs');
    },
  );

  test('have ids that occur once, and few that we answer otherwise on purpose', () => {
    const ids = examples.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const differing = examples.filter(({ differs }) => differs !== undefined);
    expect(differing.length).toBeLessThanOrEqual(differencesMax);
  });
});
