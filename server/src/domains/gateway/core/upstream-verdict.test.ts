import { describe, expect, it } from 'vitest';
import { judgeStatus, readRetryAfter, restMs } from './upstream-verdict.ts';

const nowMs = Date.UTC(2026, 2, 4, 12);

describe('judgeStatus', () => {
  it.each([
    [200, { kind: 'answer' }],
    [400, { kind: 'callers_fault' }],
    [413, { kind: 'callers_fault' }],
    [422, { kind: 'callers_fault' }],
    [401, { kind: 'failed', rest: { kind: 'long' } }],
    [402, { kind: 'failed', rest: { kind: 'long' } }],
    [403, { kind: 'failed', rest: { kind: 'long' } }],
    [404, { kind: 'failed', rest: { kind: 'none' } }],
    [429, { kind: 'failed', rest: { kind: 'growing' } }],
    [500, { kind: 'failed', rest: { kind: 'growing' } }],
    [529, { kind: 'failed', rest: { kind: 'growing' } }],
    [302, { kind: 'failed', rest: { kind: 'none' } }],
  ])('judges %i', (status, verdict) => {
    expect(judgeStatus(status, undefined, nowMs)).toEqual(verdict);
  });

  it('lets a busy upstream say for how long', () => {
    expect(judgeStatus(429, '7', nowMs)).toEqual({
      kind: 'failed',
      rest: { kind: 'asked', ms: 7000 },
    });
  });
});

describe('readRetryAfter', () => {
  it.each([
    ['2', 2000],
    ['0', 0],
    ['Wed, 04 Mar 2026 12:00:30 GMT', 30_000],
    ['Wed, 04 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s', (text, ms) => {
    expect(readRetryAfter(text, nowMs)).toBe(ms);
  });
});

describe('restMs', () => {
  it('grows with failures in a row, up to a minute', () => {
    const rests = [1, 2, 3, 7, 50].map((failures) => restMs({ kind: 'growing' }, failures));
    expect(rests).toEqual([1000, 2000, 4000, 60_000, 60_000]);
  });

  it('bounds what an upstream may ask', () => {
    expect(restMs({ kind: 'asked', ms: 0 }, 1)).toBe(1000);
    expect(restMs({ kind: 'asked', ms: 1e12 }, 1)).toBe(300_000);
  });
});
