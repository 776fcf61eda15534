import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts, PaymentFact, RuleName, Sharer } from './evidence.ts';
import { type ActiveFlag, judge, type Rules } from './judge.ts';

const now = new Date('2026-03-04T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const rule = { points: 40, threshold: 2, windowDays: 30, halfLifeDays: 10 };
const rules: Rules = {
  rules: {
    shared_address: { ...rule, points: 15 },
    shared_device: rule,
    shared_payer: rule,
    failed_payments: rule,
    returned_payments: rule,
    usage_burst: { ...rule, threshold: 1 },
    sign_in_attacks: { ...rule, threshold: 10 },
  },
  holdScore: 80,
  returnedPercent: 20,
};
const nothing: Facts = { sharers: [], payments: [], signIns: [], bursts: [] };
const declined = (id: string, at = now): PaymentFact => ({
  ...{ kind: 'payment', id, at, isSettled: false, isDeclined: true, isReturned: false },
});
const settled = (id: string, isReturned = false): PaymentFact => ({
  ...{ kind: 'payment', id, at: now, isSettled: true, isDeclined: false, isReturned },
});
const sharer = (organizationId: string, kind: Sharer['kind'] = 'address'): Sharer => ({
  ...{ kind, mark: 'm', organizationId, at: now },
});

function judged(facts: Partial<Facts>, changes: Partial<Parameters<typeof judge>[0]> = {}) {
  return judge({
    ...{ facts: { ...nothing, ...facts }, rules, excused: new Map(), flags: [] },
    ...{ isEstablished: false, now, ...changes },
  });
}

const excuse = (name: RuleName, ...keys: string[]) => new Map([[name, new Set(keys)]]);

describe('judge', () => {
  test('says nothing below a threshold and has its points at it', () => {
    expect(judged({ payments: [declined('a')] })).toMatchObject({ score: 0, raised: [] });
    const found = judged({ payments: [declined('a'), declined('b')] });
    expect(found).toMatchObject({ score: 40, isHeld: false });
    expect(found.raised).toMatchObject([{ rule: 'failed_payments', count: 2, holds: false }]);
  });

  test('doubles the points at most, and holds from the score on', () => {
    const payments = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => declined(id));
    expect(judged({ payments })).toMatchObject({ score: 80, isHeld: true });
    expect(judged({ payments }).raised).toMatchObject([{ holds: true }]);
  });

  test('weighs half after a half life, and nothing behind the window', () => {
    const old = (days: number) =>
      judged({ payments: ['a', 'b'].map((id) => declined(id, daysAgo(days))) });
    expect(old(10).score).toBe(20);
    expect(old(20).score).toBe(10);
    expect(old(30)).toMatchObject({ score: 0, raised: [] });
  });

  test.each<[string, Partial<Facts>]>([
    ['an address that many share', { sharers: [...'abcdefgh'].map((id) => sharer(id)) }],
    ['a device that many share', { sharers: [...'abcdefgh'].map((id) => sharer(id, 'device')) }],
    ['a busy first week', { bursts: [{ day: now, amount: 9_000_000_000n, allowed: 1n }] }],
    ['an attack on the account', { signIns: [{ hour: now, failures: 500 }] }],
  ])('never holds for %s alone', (_name, facts) => {
    const strict = { ...rules, holdScore: 1 };
    expect(judged(facts, { rules: strict })).toMatchObject({
      isHeld: false,
      raised: [{ holds: false }],
    });
  });

  test('never holds what has paid for long, and flags it all the same', () => {
    const payments = [...'abcdef'].map((id) => declined(id));
    const found = judged({ payments }, { isEstablished: true });
    expect(found).toMatchObject({
      score: 80,
      isHeld: false,
      raised: [{ rule: 'failed_payments' }],
    });
  });

  test('takes payments that went back only for a share of all', () => {
    const back = [settled('r1', true), settled('r2', true)];
    expect(judged({ payments: back }).raised).toMatchObject([{ rule: 'returned_payments' }]);
    const many = Array.from({ length: 20 }, (_, index) => settled(`p${index}`));
    expect(judged({ payments: [...back, ...many] }).raised).toEqual([]);
  });

  test('counts another organization once, however many places it shares', () => {
    const twice = { ...sharer('a'), mark: 'other' };
    expect(judged({ sharers: [sharer('a'), twice] }).raised).toEqual([]);
    expect(judged({ sharers: [sharer('a'), twice, sharer('b')] }).raised).toMatchObject([
      { count: 2 },
    ]);
  });

  test('does not raise again what was lifted, until as much is new', () => {
    const excused = excuse('failed_payments', 'a', 'b');
    const at = (...ids: string[]) =>
      judged({ payments: ids.map((id) => declined(id)) }, { excused });
    expect(at('a', 'b')).toMatchObject({ score: 0, raised: [] });
    expect(at('a', 'b', 'c').raised).toEqual([]);
    expect(at('a', 'b', 'c', 'd').raised).toMatchObject([{ count: 2 }]);
  });

  test('lets an open flag fade with its evidence, and what it holds with it', () => {
    const flag: ActiveFlag = { id: 'f', rule: 'failed_payments', state: 'open', holds: true };
    const still = judged({ payments: [declined('a'), declined('b')] }, { flags: [flag] });
    expect(still).toMatchObject({
      isHeld: true,
      faded: [],
      raised: [],
      renewed: [{ id: 'f', holds: true }],
    });
    expect(judged({}, { flags: [flag] })).toMatchObject({ faded: ['f'], isHeld: false, score: 0 });
  });

  test('leaves a confirmed flag as the operator decided', () => {
    const held: ActiveFlag = { id: 'f', rule: 'shared_address', state: 'confirmed', holds: true };
    expect(judged({}, { flags: [held] })).toMatchObject({ faded: [], isHeld: true });
    const free: ActiveFlag = { id: 'f', rule: 'failed_payments', state: 'confirmed', holds: false };
    const payments = [...'abcdef'].map((id) => declined(id));
    expect(judged({ payments }, { flags: [free] })).toMatchObject({ isHeld: false });
  });

  test('switches a rule of no points off', () => {
    const off = { ...rules, rules: { ...rules.rules, failed_payments: { ...rule, points: 0 } } };
    expect(judged({ payments: [declined('a'), declined('b')] }, { rules: off }).raised).toEqual([]);
  });

  test('judges the same whatever order the facts came in', () => {
    const fact = fc.record({
      kind: fc.constantFrom('payment' as const, 'set_up' as const),
      id: fc.string({ minLength: 1, maxLength: 2 }),
      age: fc.integer({ min: -2, max: 40 }),
      isDeclined: fc.boolean(),
      isSettled: fc.boolean(),
      isReturned: fc.boolean(),
    });
    const payments = fc
      .uniqueArray(fact, { selector: ({ id }) => id, maxLength: 12 })
      .map((all) => all.map(({ age, ...each }) => ({ ...each, at: daysAgo(age) })));
    fc.assert(
      fc.property(
        payments.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([one, other]) => {
          const [a, b] = [judged({ payments: one }), judged({ payments: other })];
          expect(b).toEqual(a);
          expect(a.score).toBeGreaterThanOrEqual(0);
          expect(a.score).toBeLessThanOrEqual(100);
        },
      ),
    );
  });
});
