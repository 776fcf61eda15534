import { describe, expect, it } from 'vitest';
import { type AttemptStatus, asksAgain, statusAfterQuery } from './attempt.ts';

const now = new Date('2026-03-04T12:00:00Z');
const later = new Date('2026-03-05T12:00:00Z');
const earlier = new Date('2026-03-03T12:00:00Z');
const longAgo = new Date('2026-02-01T12:00:00Z');

describe('statusAfterQuery', () => {
  it.each<[string, Date | null, AttemptStatus]>([
    ['pending', later, 'pending'],
    ['absent', later, 'pending'],
    ['unknown', later, 'pending'],
    ['processing', later, 'pending'],
    ['declined', later, 'failed'],
    ['pending', earlier, 'canceled'],
    ['absent', earlier, 'canceled'],
    // Silence is not failure, and what is under way has no term.
    ['unknown', earlier, 'unknown'],
    ['processing', earlier, 'pending'],
    ['absent', null, 'pending'],
  ])('after %s, with a term until %s, it is %s', (outcome, expiresAt, status) => {
    const attempt = { status: 'pending', expiresAt, isProcessing: false } as const;
    const found = outcome as Parameters<typeof statusAfterQuery>[1];
    expect(statusAfterQuery(attempt, found, now)).toBe(status);
  });

  it('finds what was silent at the end of its term under way after all', () => {
    const attempt = { status: 'unknown', expiresAt: earlier, isProcessing: false } as const;
    expect(statusAfterQuery(attempt, 'processing', now)).toBe('pending');
  });

  it('learns nothing from silence about what is under way', () => {
    const attempt = { status: 'pending', expiresAt: earlier, isProcessing: true } as const;
    expect(statusAfterQuery(attempt, 'unknown', now)).toBe('pending');
  });
});

describe('asksAgain', () => {
  it.each<[AttemptStatus, Date | null, boolean, boolean]>([
    ['pending', later, false, true],
    ['unknown', earlier, false, true],
    ['unknown', longAgo, false, false],
    ['pending', longAgo, true, true],
    ['pending', null, false, true],
    ['failed', later, false, false],
    ['canceled', later, false, false],
    ['succeeded', later, false, false],
  ])('%s, with a term until %s, under way %s: %s', (status, expiresAt, isProcessing, again) => {
    expect(asksAgain({ status, expiresAt, isProcessing }, now)).toBe(again);
  });
});
