import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommissionFacts, commissionOf, decideCommission } from './commission.ts';

const unit = 1_000_000_000n;
const dueAt = new Date('2026-03-15T00:00:00Z');
const later = new Date('2026-03-16T00:00:00Z');
const facts = (changes: Partial<CommissionFacts> = {}): CommissionFacts => ({
  ...{ state: 'pending', dueAt, paid: 20n * unit, returned: 0n, isDisputed: false },
  ...{ shareMillionths: 100_000n, given: 0n, kinship: [], isOnHold: false, isActive: true },
  ...changes,
});

describe('decideCommission', () => {
  test.each<[string, Partial<CommissionFacts>, Date, object]>([
    ['waits for its time', {}, new Date('2026-03-14T23:59:59Z'), { kind: 'leave' }],
    ['owes the share then', {}, dueAt, { kind: 'owe', amount: 2n * unit, reason: null }],
    ['owes it of what stayed', { returned: 5n * unit }, later, { amount: 1_500_000_000n }],
    ['refuses what went back', { returned: 20n * unit }, later, { reason: 'refunded' }],
    ['refuses what is disputed', { isDisputed: true }, later, { reason: 'disputed' }],
    ['refuses oneself', { kinship: ['address', 'person'] }, later, { reason: 'self_referral' }],
    ['lets an office share its address', { kinship: ['address'] }, later, { kind: 'owe' }],
    ['waits on hold', { isOnHold: true }, dueAt, { kind: 'wait', until: later }],
    ['waits while suspended', { isActive: false }, dueAt, { reason: 'not_active' }],
    [
      'takes back what is owed no more',
      { state: 'earned', dueAt: null, given: 2n * unit, returned: 20n * unit },
      later,
      { kind: 'owe', amount: 0n, reason: 'refunded' },
    ],
    [
      'leaves what is settled',
      { state: 'earned', dueAt: null, given: 2n * unit },
      later,
      { kind: 'leave' },
    ],
  ])('%s', (_name, changes, now, decision) => {
    expect(decideCommission(facts(changes), now)).toMatchObject(decision);
  });

  test('ends at what is owed, whatever came in between', () => {
    const step = fc.record({
      returned: fc.bigInt({ min: 0n, max: 20n * unit }),
      isDisputed: fc.boolean(),
      /** Of what is given, so much is spent before it can be taken back. */
      spentPercent: fc.bigInt({ min: 0n, max: 100n }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let now = facts();
        let spent = 0n;
        for (const { returned, isDisputed, spentPercent } of steps) {
          now = { ...now, returned, isDisputed };
          const decision = decideCommission(now, later);
          if (decision.kind === 'owe') {
            const given = decision.amount > spent ? decision.amount : spent;
            now = { ...now, state: 'earned', dueAt: null, given };
          }
          const owed = commissionOf(now);
          expect(now.given).toBe(owed > spent ? owed : spent);
          expect(now.given).toBeLessThanOrEqual(2n * unit);
          spent += ((now.given - spent) * spentPercent) / 100n;
        }
      }),
    );
  });
});
