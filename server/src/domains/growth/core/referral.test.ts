import { describe, expect, test } from 'vitest';
import { maskEmail, readCode } from './code.ts';
import {
  decideEarned,
  decidePending,
  type PaidFact,
  type ReferralFacts,
  type ReferralRules,
} from './referral.ts';
import { atRate, shareOf } from './rules.ts';

const unit = 1_000_000_000n;
const rules: ReferralRules = {
  inviterReward: 5n * unit,
  invitedReward: 5n * unit,
  requiredPayments: 20n * unit,
  waitingDays: 14,
  payWithinDays: 60,
  expiresAfterDays: 180,
  monthlyMax: 3,
};
const signedUpAt = new Date('2026-03-01T00:00:00Z');
const day = (days: number) => new Date(signedUpAt.getTime() + days * 86_400_000);
const paid = (days: number, amount: bigint, changes: Partial<PaidFact> = {}): PaidFact => ({
  ...{ at: day(days), amount: amount * unit, returned: 0n, isDisputed: false, ...changes },
});
const facts = (changes: Partial<ReferralFacts> = {}): ReferralFacts => ({
  ...{ rules, signedUpAt, payments: [paid(1, 20n)], kinshipWithInviter: [] },
  ...{ kinshipWithAncestors: [], earnedThisMonth: 0, isOnHold: false, isActive: true, ...changes },
});

describe('decidePending', () => {
  test.each<[string, Partial<ReferralFacts>, number, object]>([
    ['waits for the first payment', { payments: [] }, 1, { kind: 'wait', until: day(60) }],
    ['waits for enough', { payments: [paid(1, 19n)] }, 2, { kind: 'wait', until: day(60) }],
    ['waits until it may be refunded no more', {}, 14.9, { kind: 'wait', until: day(15) }],
    ['earns then', {}, 15, { kind: 'earn' }],
    [
      'counts from the payment that makes it enough',
      { payments: [paid(1, 12n), paid(9, 8n)] },
      22,
      { kind: 'wait', until: day(23) },
    ],
    [
      'takes payments in any order',
      { payments: [paid(9, 8n), paid(1, 12n)] },
      23,
      { kind: 'earn' },
    ],
    [
      'counts what is left of a payment',
      { payments: [paid(1, 30n, { returned: 10n * unit })] },
      15,
      { kind: 'earn' },
    ],
    [
      'waits on where too little is left',
      { payments: [paid(1, 30n, { returned: 11n * unit })] },
      15,
      { kind: 'wait' },
    ],
    [
      'refuses what was paid too late',
      { payments: [paid(61, 20n)] },
      61,
      { kind: 'refuse', reason: 'not_paid_in_time' },
    ],
    [
      'earns what was paid in time though the term is over',
      { payments: [paid(59, 20n)] },
      73,
      { kind: 'earn' },
    ],
    [
      'refuses what went back',
      { payments: [paid(1, 20n, { returned: unit })] },
      60,
      { kind: 'refuse', reason: 'refunded' },
    ],
    [
      'refuses what is disputed, at once',
      { payments: [paid(1, 99n, { isDisputed: true })] },
      2,
      { kind: 'refuse', reason: 'disputed' },
    ],
    [
      'refuses oneself',
      { kinshipWithInviter: ['address', 'person'] },
      2,
      { kind: 'refuse', reason: 'self_referral' },
    ],
    [
      'refuses the inviter’s card',
      { kinshipWithInviter: ['payer'] },
      2,
      { kind: 'refuse', reason: 'same_payer' },
    ],
    [
      'refuses the inviter’s device',
      { kinshipWithInviter: ['device'] },
      2,
      { kind: 'refuse', reason: 'same_device' },
    ],
    [
      'refuses the inviter’s address',
      { kinshipWithInviter: ['address'] },
      2,
      { kind: 'refuse', reason: 'same_address' },
    ],
    ['refuses a ring', { kinshipWithAncestors: ['person'] }, 2, { kind: 'refuse', reason: 'ring' }],
    [
      'refuses beyond the month’s cap',
      { earnedThisMonth: 3 },
      15,
      { kind: 'refuse', reason: 'monthly_cap' },
    ],
    [
      'waits while either is on hold',
      { isOnHold: true },
      15,
      { kind: 'wait', until: day(16), reason: 'payments_on_hold' },
    ],
    [
      'waits while either is suspended',
      { isActive: false },
      15,
      { kind: 'wait', until: day(16), reason: 'not_active' },
    ],
  ])('%s', (_name, changes, days, decision) => {
    expect(decidePending(facts(changes), day(days))).toMatchObject(decision);
  });
});

describe('decideEarned', () => {
  test.each<[string, PaidFact[], string | undefined]>([
    ['leaves what is still paid', [paid(1, 20n)], undefined],
    [
      'leaves what is enough without what went back',
      [paid(1, 20n), paid(2, 5n, { returned: 5n * unit })],
      undefined,
    ],
    ['takes back what is not enough any more', [paid(1, 20n, { returned: 1n })], 'refunded'],
    ['takes back what is disputed', [paid(1, 20n), paid(2, 20n, { isDisputed: true })], 'disputed'],
  ])('%s', (_name, payments, reason) => {
    expect(decideEarned({ rules, payments })).toBe(reason);
  });
});

test('atRate never makes more of an amount than the rate does', () => {
  expect(atRate(72n * unit, '0.138888888888888889')).toBe(10_000_000_000n);
  expect(atRate(1n, '0.999999999')).toBe(0n);
  expect(atRate(5n * unit, '1')).toBe(5n * unit);
});

test('shareOf rounds against the payer', () => {
  expect(shareOf(10n, { part: 1n, whole: 3n })).toBe(4n);
  expect(shareOf(10n, { part: 3n, whole: 3n })).toBe(10n);
  expect(shareOf(10n, { part: 0n, whole: 3n })).toBe(0n);
});

test('readCode reads what people write, and nothing else', () => {
  expect(readCode(' abcd-2345 ')).toBe('ABCD2345');
  for (const wrong of ['', 'ABCD234', 'ABCD2O45', 'ABCD23456', "' or 1=1"]) {
    expect(readCode(wrong)).toBeUndefined();
  }
});

test('maskEmail leaves what its owner’s friend knows again', () => {
  expect(maskEmail('ada.lovelace@mail.example.com')).toBe('a•••@m•••.com');
  expect(maskEmail('x@y')).toBe('x•••@y•••');
});
