import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf, noteCall, percentile, type RecentCalls, sumFigures } from './recent-calls.ts';

const minute = 60_000;

describe('figuresOf', () => {
  it('counts the calls of the last minutes', () => {
    const recent: RecentCalls = [];
    noteCall(recent, 0, { isFailure: true });
    noteCall(recent, 10 * minute, { isFailure: false, latencyMs: 25 });
    noteCall(recent, 14 * minute, { isFailure: false, latencyMs: 25 });
    expect(figuresOf(recent, 14 * minute, 5)).toMatchObject({ calls: 2, failed: 0 });
    expect(figuresOf(recent, 14 * minute, 60)).toMatchObject({ calls: 3, failed: 1 });
    expect(figuresOf(recent, 74 * minute, 5)).toMatchObject({ calls: 0, failed: 0 });
  });

  it('counts a call once that failed after its answer had begun', () => {
    const recent: RecentCalls = [];
    noteCall(recent, 0, { isFailure: false, latencyMs: 10 });
    noteCall(recent, 0, { isFailure: true, isKnown: true });
    expect(figuresOf(recent, 0, 5)).toMatchObject({ calls: 1, failed: 1 });
  });

  it('keeps an hour, however long it goes on', () => {
    const recent: RecentCalls = [];
    for (let at = 0; at < 1000; at += 1) noteCall(recent, at * minute, { isFailure: false });
    expect(recent).toHaveLength(60);
    expect(figuresOf(recent, 999 * minute, 60).calls).toBe(60);
  });
});

describe('percentile', () => {
  it('is the bound that a share of the answers kept within', () => {
    const recent: RecentCalls = [];
    for (let call = 0; call < 19; call += 1)
      noteCall(recent, 0, { isFailure: false, latencyMs: 18 });
    noteCall(recent, 0, { isFailure: false, latencyMs: 1_000_000_000 });
    const { latencies } = figuresOf(recent, 0, 5);
    expect(percentile(latencies, 0.5)).toBe(20);
    expect(percentile(latencies, 0.95)).toBe(20);
    expect(percentile(latencies, 1)).toBeGreaterThan(300_000);
    expect(percentile([], 0.5)).toBeNull();
  });

  it.each([
    ['a fixed seed', { seed: 3 }],
    ['a random seed', {}],
  ])('is at most half as long again as the true one, with %s', (_, options) => {
    const latency = fc.integer({ min: 20, max: 300_000 });
    const check = fc.property(fc.array(latency, { minLength: 1, maxLength: 50 }), (all) => {
      const recent: RecentCalls = [];
      for (const latencyMs of all) noteCall(recent, 0, { isFailure: false, latencyMs });
      const sorted = [...all].sort((one, other) => one - other);
      for (const share of [0.5, 0.95]) {
        const exact = sorted[Math.ceil(all.length * share) - 1] ?? 0;
        const told = percentile(figuresOf(recent, 0, 1).latencies, share) ?? 0;
        expect(told).toBeGreaterThanOrEqual(exact);
        expect(told).toBeLessThanOrEqual(Math.max(20, exact * 1.51));
      }
    });
    fc.assert(check, options);
  });

  it('is of all processes together', () => {
    const one: RecentCalls = [];
    const other: RecentCalls = [];
    for (let call = 0; call < 3; call += 1) {
      noteCall(one, 0, { isFailure: false, latencyMs: 10 });
      noteCall(other, 0, { isFailure: false, latencyMs: 10_000 });
    }
    const sum = sumFigures([figuresOf(one, 0, 5), figuresOf(other, 0, 5)]);
    expect(sum.calls).toBe(6);
    expect(percentile(sum.latencies, 0.5)).toBe(20);
    expect(percentile(sum.latencies, 0.95)).toBeGreaterThan(10_000);
  });
});
