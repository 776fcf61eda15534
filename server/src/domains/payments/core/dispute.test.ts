import { describe, expect, it } from 'vitest';
import {
  contestedOf,
  type DisputeState,
  type DisputeStatus,
  goneOf,
  mergeDispute,
} from './dispute.ts';

const statuses: readonly DisputeStatus[] = ['needs_response', 'under_review', 'lost', 'won'];
const states: DisputeState[] = statuses.flatMap((status) =>
  [true, false].flatMap((isWithdrawn) =>
    [900n, 1000n].map((minor) => ({
      ...{ status, isWithdrawn, amount: { minor, currency: 'USD' } },
      reason: minor === 900n ? 'fraudulent' : 'general',
      respondBy: isWithdrawn ? new Date('2026-04-01T00:00:00Z') : null,
    })),
  ),
);

describe('mergeDispute', () => {
  it('makes no difference between orders, for all pairs and triples of news', () => {
    for (const a of states) {
      expect(mergeDispute(a, a)).toEqual(a);
      for (const b of states) {
        const both = mergeDispute(a, b);
        expect(mergeDispute(b, a)).toEqual(both);
        expect(mergeDispute(both, a)).toEqual(both);
        for (const c of states) {
          expect(mergeDispute(both, c)).toEqual(mergeDispute(a, mergeDispute(b, c)));
        }
      }
    }
  });

  it('keeps the latest deadline that was named', () => {
    const [opened] = states;
    if (!opened) throw new Error('there are states');
    const later = { ...opened, respondBy: new Date('2026-04-09T00:00:00Z') };
    const closed: DisputeState = { ...opened, status: 'won', respondBy: null };
    expect(mergeDispute(mergeDispute(later, opened), closed).respondBy).toEqual(later.respondBy);
  });
});

describe('goneOf', () => {
  it.each<[DisputeStatus, boolean, bigint, bigint]>([
    ['needs_response', false, 0n, 1000n],
    ['needs_response', true, 1000n, 1000n],
    ['under_review', true, 1000n, 1000n],
    ['lost', false, 1000n, 1000n],
    ['won', true, 1000n, 1000n],
    ['won', false, 0n, 0n],
  ])(
    '%s, withdrawn %s: %s is gone and %s not to be refunded',
    (status, isWithdrawn, gone, held) => {
      const amount = { minor: 1000n, currency: 'USD' };
      const state = { amount, status, isWithdrawn, reason: '', respondBy: null };
      expect(goneOf(state)).toBe(gone);
      expect(contestedOf(state)).toBe(held);
    },
  );
});
