import { describe, expect, it } from 'vitest';
import { type Candidate, chooseChannel } from './channel-choice.ts';

const nowMs = 1_000_000;
const candidate = (id: string, rest: Partial<Candidate> = {}): Candidate => ({
  id,
  priority: 0,
  weight: 1,
  concurrency: null,
  inFlight: 0,
  restsUntilMs: 0,
  failures: 0,
  isRateLimited: false,
  ...rest,
});
const choose = (candidates: Candidate[], chance = 0) =>
  chooseChannel(candidates, nowMs, chance)?.id;

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
    expect(choose([spare])).toBe('spare');
  });

  it('passes over a channel whose slots are taken', () => {
    const full = candidate('full', { priority: 1, concurrency: 2, inFlight: 2 });
    expect(choose([full, candidate('a')])).toBe('a');
    expect(choose([full])).toBeUndefined();
  });

  it('passes over a resting channel, and takes it as the last resort', () => {
    const resting = candidate('resting', { priority: 1, restsUntilMs: nowMs + 1, failures: 2 });
    expect(choose([resting, candidate('a')])).toBe('a');
    expect(choose([resting])).toBe('resting');
  });

  it('leaves alone a channel that asked for its rest, or failed too often', () => {
    const resting = { restsUntilMs: nowMs + 1, failures: 1 };
    expect(choose([candidate('a', { ...resting, isRateLimited: true })])).toBeUndefined();
    expect(choose([candidate('a', { ...resting, failures: 6 })])).toBeUndefined();
  });

  it('takes a channel again when its rest is over', () => {
    expect(choose([candidate('a', { restsUntilMs: nowMs, failures: 9 })])).toBe('a');
  });

  it('answers nothing without channels', () => {
    expect(choose([])).toBeUndefined();
  });
});
