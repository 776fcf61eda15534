import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Breaker, newBreaker, standingOf } from './breaker.ts';
import { type Candidate, chooseChannel } from './channel-choice.ts';

const nowMs = 1_000_000;
const resting: Partial<Breaker> = { restsUntilMs: nowMs + 1 };
const breaker = (rest: Partial<Breaker> = {}): Breaker => ({ ...newBreaker(), ...rest });
const candidate = (id: string, rest: Partial<Candidate> = {}): Candidate => ({
  id,
  priority: 0,
  weight: 1,
  concurrency: null,
  inFlight: 0,
  breaker: newBreaker(),
  keys: [{ breaker: newBreaker() }],
  refusedModels: new Map(),
  ...rest,
});
const choose = (candidates: Candidate[], chance = 0, affinity?: string) =>
  chooseChannel(candidates, { model: 'm', nowMs, chance, affinity })?.id;

describe('chooseChannel', () => {
  it('takes the highest priority', () => {
    expect(choose([candidate('low'), candidate('high', { priority: 5 })])).toBe('high');
  });

  it('divides a tier by weight', () => {
    const tier = [candidate('a', { weight: 1 }), candidate('b', { weight: 3 })];
    const chances = Array.from({ length: 100 }, (_, index) => index / 100);
    const picks = chances.map((chance) => choose(tier, chance));
    expect(picks.filter((id) => id === 'b')).toHaveLength(75);
  });

  it('keeps a weight of zero as a spare', () => {
    const spare = candidate('spare', { weight: 0 });
    expect(choose([spare, candidate('a')], 0.999)).toBe('a');
    expect(choose([spare, candidate('a')], 0, 'somebody')).toBe('a');
    expect(choose([spare])).toBe('spare');
  });

  it('passes over a channel whose slots are taken', () => {
    const full = candidate('full', { priority: 1, concurrency: 2, inFlight: 2 });
    expect(choose([full, candidate('a')])).toBe('a');
    expect(choose([full])).toBeUndefined();
  });

  it('lets others go before one that failed a moment ago, and takes it when nothing else is left', () => {
    const tired = candidate('tired', { priority: 1, breaker: breaker(resting) });
    expect(choose([tired, candidate('a')])).toBe('a');
    expect(choose([candidate('a'), tired])).toBe('a');
    expect(choose([tired])).toBe('tired');
  });

  it.each([
    ['is shut', { breaker: breaker({ isOpen: true, ...resting }) }],
    ['is being found out about', { breaker: breaker({ isOpen: true, probedUntilMs: nowMs + 1 }) }],
    ['has no key that is taken', { keys: [{ breaker: breaker({ isOpen: true, ...resting }) }] }],
    [
      'is refused for the model',
      { refusedModels: new Map([['m', breaker({ isOpen: true, ...resting })]]) },
    ],
  ])('leaves alone a channel that %s', (_, rest) => {
    expect(choose([candidate('a', rest)])).toBeUndefined();
    expect(choose([candidate('a', rest), candidate('b', { priority: -1 })])).toBe('b');
  });

  it.each([
    ['its rest is over', { breaker: breaker({ isOpen: true, restsUntilMs: nowMs }) }],
    [
      'it is refused for another model',
      { refusedModels: new Map([['n', breaker({ isOpen: true, ...resting })]]) },
    ],
    [
      'one of its keys is taken',
      { keys: [{ breaker: breaker({ isOpen: true, ...resting }) }, { breaker: breaker() }] },
    ],
  ])('takes a channel when %s', (_, rest) => {
    expect(choose([candidate('a', rest)])).toBe('a');
  });

  it('answers nothing without channels', () => {
    expect(choose([])).toBeUndefined();
  });
});

const anyBreaker = fc.record({
  ...{
    isOpen: fc.boolean(),
    probedUntilMs: fc.integer({ min: nowMs - 2, max: nowMs + 2 }),
    restsUntilMs: fc.integer({ min: nowMs - 2, max: nowMs + 2 }),
  },
  ...{
    failures: fc.nat(9),
    openings: fc.nat(9),
    recent: fc.constant(0),
    recentCount: fc.constant(0),
    lastVoice: fc.constant(undefined),
    isShared: fc.boolean(),
  },
});
const anyCandidate = fc.record({
  id: fc.uuid(),
  priority: fc.integer({ min: -2, max: 2 }),
  weight: fc.nat(5),
  concurrency: fc.option(fc.integer({ min: 1, max: 3 })),
  inFlight: fc.nat(3),
  breaker: anyBreaker,
  keys: fc.array(fc.record({ breaker: anyBreaker }), { minLength: 1, maxLength: 3 }),
  refusedModels: fc.constant(new Map<string, Breaker>()),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const affinity = fc.option(fc.string(), { nil: undefined });
const candidates = fc.uniqueArray(anyCandidate, { maxLength: 8, selector: ({ id }) => id });

describe.each([
  ['a fixed seed', { seed: 7 }],
  ['a random seed', {}],
])('chooseChannel with %s', (_, options) => {
  it('chooses one that can take the call, and none only where none can', () => {
    const check = fc.property(candidates, chance, affinity, (all, by, to) => {
      const can = all.filter((one) => {
        const isFree = one.concurrency === null || one.inFlight < one.concurrency;
        const hasKey = one.keys.some((key) => standingOf(key.breaker, nowMs) !== 'shut');
        return isFree && hasKey && standingOf(one.breaker, nowMs) !== 'shut';
      });
      const chosen = choose(all, by, to);
      expect(can.length === 0 ? chosen === undefined : can.some(({ id }) => id === chosen)).toBe(
        true,
      );
      const ready = can.filter((one) => standingOf(one.breaker, nowMs) === 'ready');
      if (ready.length === 0) return;
      const highest = Math.max(...ready.map(({ priority }) => priority));
      const tier = ready.filter(({ priority }) => priority === highest);
      expect(tier.some(({ id }) => id === chosen)).toBe(true);
    });
    fc.assert(check, options);
  });

  it('keeps calls of one affinity together, whatever the order, and moves only those of a channel that falls out', () => {
    const check = fc.property(candidates, fc.string(), fc.nat(), (all, to, turn) => {
      const chosen = choose(all, 0.5, to);
      const turned = [
        ...all.slice(turn % (all.length + 1)),
        ...all.slice(0, turn % (all.length + 1)),
      ];
      expect(choose(turned, 0.1, to)).toBe(chosen);
      const other = all.find(({ id }) => id !== chosen);
      expect(
        choose(
          all.filter((one) => one !== other),
          0.9,
          to,
        ),
      ).toBe(chosen);
    });
    fc.assert(check, options);
  });
});

it('divides affinities by weight', () => {
  const tier = [candidate('chn_a'), candidate('chn_b', { weight: 3 })];
  const picks = Array.from({ length: 4000 }, (_, index) => choose(tier, 0, `session-${index}`));
  const share = picks.filter((id) => id === 'chn_b').length / picks.length;
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.78);
});
