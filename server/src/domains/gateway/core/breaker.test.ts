import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Breaker,
  beginAttempt,
  endAttempt,
  newBreaker,
  noteFailure,
  noteSuccess,
  type RestLength,
  restOf,
  standingOf,
} from './breaker.ts';

const growing: RestLength = { kind: 'growing' };

function fail(breaker: Breaker, nowMs: number, length: RestLength = growing): void {
  noteFailure(breaker, length, { nowMs, isProbe: beginAttempt(breaker, nowMs) });
}
function succeed(breaker: Breaker): void {
  const isProbe = beginAttempt(breaker, 0);
  noteSuccess(breaker, isProbe);
  endAttempt(breaker, isProbe);
}

describe('a breaker', () => {
  it('hesitates after a failure, and shuts after three in a row', () => {
    const breaker = newBreaker();
    fail(breaker, 0);
    expect(standingOf(breaker, 999)).toBe('hesitant');
    expect(standingOf(breaker, 1000)).toBe('ready');
    fail(breaker, 1000);
    fail(breaker, 2000);
    expect(standingOf(breaker, 2999)).toBe('shut');
  });

  it('shuts when half of the last calls failed, though never three in a row', () => {
    const breaker = newBreaker();
    for (let turn = 0; turn < 4; turn += 1) {
      succeed(breaker);
      fail(breaker, 0);
    }
    expect(breaker.isOpen).toBe(false);
    succeed(breaker);
    fail(breaker, 0);
    expect(breaker.isOpen).toBe(true);
  });

  it('lets one call at a time find out once its rest is over, whose success closes it', () => {
    const breaker = newBreaker();
    for (const at of [0, 0, 0]) fail(breaker, at);
    expect(standingOf(breaker, 1000)).toBe('ready');
    expect(beginAttempt(breaker, 1000)).toBe(true);
    expect(standingOf(breaker, 1000)).toBe('shut');
    noteSuccess(breaker, true);
    expect(breaker).toMatchObject({ isOpen: false, failures: 0, openings: 0 });
  });

  it('rests longer after each failed try', () => {
    const breaker = newBreaker();
    for (const at of [0, 0, 0]) fail(breaker, at);
    const rests = [1000, 3000, 7000].map((at) => {
      fail(breaker, at);
      return breaker.restsUntilMs - at;
    });
    expect(rests).toEqual([2000, 4000, 8000]);
  });

  it('is tried again when the one that should find out ended without a verdict', () => {
    const breaker = newBreaker();
    for (const at of [0, 0, 0]) fail(breaker, at);
    const isProbe = beginAttempt(breaker, 1000);
    endAttempt(breaker, isProbe);
    expect(standingOf(breaker, 1000)).toBe('ready');
  });

  it('is neither closed nor kept shut longer by calls that began before it opened', () => {
    const breaker = newBreaker();
    for (const at of [0, 0, 0]) fail(breaker, at);
    noteSuccess(breaker, false);
    expect(standingOf(breaker, 500)).toBe('shut');
    for (let late = 0; late < 100; late += 1) {
      noteFailure(breaker, growing, { nowMs: 900, isProbe: false });
    }
    expect(breaker).toMatchObject({ restsUntilMs: 1000, openings: 1 });
  });

  it('waits for the one that finds out, but not for ever', () => {
    const breaker = newBreaker();
    for (const at of [0, 0, 0]) fail(breaker, at);
    beginAttempt(breaker, 1000);
    expect(standingOf(breaker, 15_999)).toBe('shut');
    expect(standingOf(breaker, 16_000)).toBe('ready');
  });

  it('is not shut by the calls of one customer alone', () => {
    const breaker = newBreaker();
    const failFor = (voice: string) => {
      noteFailure(breaker, growing, { nowMs: 0, isProbe: false, voice });
    };
    for (let turn = 0; turn < 50; turn += 1) {
      failFor('org_a');
      if (turn % 3 === 0) succeed(breaker);
    }
    expect(breaker.isOpen).toBe(false);
    failFor('org_b');
    expect(breaker.isOpen).toBe(true);
  });

  it('shuts at once for as long as it is asked to', () => {
    const breaker = newBreaker();
    fail(breaker, 0, { kind: 'asked', ms: 30_000 });
    expect(standingOf(breaker, 29_999)).toBe('shut');
    expect(standingOf(breaker, 30_000)).toBe('ready');
  });
});

describe('restOf', () => {
  it('grows up to a minute', () => {
    expect([1, 2, 3, 7, 50].map((turn) => restOf(growing, turn))).toEqual([
      1000, 2000, 4000, 60_000, 60_000,
    ]);
  });

  it('bounds what may be asked', () => {
    expect(restOf({ kind: 'asked', ms: 0 }, 1)).toBe(1000);
    expect(restOf({ kind: 'asked', ms: 1e12 }, 1)).toBe(300_000);
    expect(restOf({ kind: 'asked', ms: undefined }, 2)).toBe(2000);
  });

  it('is long for what somebody has to mend', () => {
    const long: RestLength = { kind: 'long' };
    expect([1, 2, 9].map((turn) => restOf(long, turn))).toEqual([10_000, 20_000, 900_000]);
  });
});

describe.each([
  ['a fixed seed', { seed: 11 }],
  ['a random seed', {}],
])('a breaker with %s', (_, options) => {
  const step = fc.record({
    afterMs: fc.nat(5000),
    does: fc.constantFrom('begin', 'succeed', 'fail', 'asked', 'leave'),
  });

  it('never has two calls find out at once, and opens again to a call once it has rested', () => {
    const check = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const breaker = newBreaker();
      const running: { isProbe: boolean; atMs: number }[] = [];
      let nowMs = 0;
      for (const { afterMs, does } of steps) {
        nowMs += afterMs;
        if (does === 'begin') {
          if (standingOf(breaker, nowMs) !== 'shut')
            running.push({ isProbe: beginAttempt(breaker, nowMs), atMs: nowMs });
        } else {
          const ended = running.shift();
          if (ended === undefined) continue;
          const { isProbe } = ended;
          if (does === 'succeed') noteSuccess(breaker, isProbe);
          if (does === 'fail') noteFailure(breaker, growing, { nowMs, isProbe });
          if (does === 'asked')
            noteFailure(breaker, { kind: 'asked', ms: 2000 }, { nowMs, isProbe });
          endAttempt(breaker, isProbe);
        }
        const finding = running.filter(({ isProbe, atMs }) => isProbe && atMs > nowMs - 15_000);
        expect(finding.length).toBeLessThanOrEqual(1);
      }
      for (const { isProbe } of running) endAttempt(breaker, isProbe);
      expect(standingOf(breaker, nowMs + 300_000)).toBe('ready');
    });
    fc.assert(check, options);
  });
});
