import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { StatementLine } from '../provider.ts';
import {
  type Booked,
  foldFees,
  type LedgerMovement,
  matchStatement,
  resolutionsOf,
  totalsOf,
} from './reconciliation.ts';

const at = new Date('2026-03-04T10:00:00Z');
const usd = (minor: bigint) => ({ minor, currency: 'USD' });

function line(changes: Partial<StatementLine> = {}): StatementLine {
  const named = { number: 'order1', providerTransaction: 'tx1' };
  return { kind: 'payment', ...named, amount: usd(1000n), fee: null, at, ...changes };
}

function ours(changes: Partial<Booked> = {}): Booked {
  return {
    ...{ kind: 'payment', id: 'ptx_1', number: 'order1', reference: 'tx1', amount: usd(1000n) },
    ...{ status: 'booked', attemptId: 'pay_1', organizationId: 'org_1', isExpected: true },
    ...changes,
  };
}

const results = (lines: StatementLine[], booked: Booked[]) =>
  matchStatement(lines, booked).map(({ result, difference }) => [result, difference]);

describe('matchStatement', () => {
  it.each<[string, StatementLine[], Booked[], [string, string | null][]]>([
    ['the same money', [line()], [ours()], [['matched', null]]],
    ['money that we do not have', [line()], [], [['missing_here', null]]],
    ['money that they do not have', [], [ours()], [['missing_there', null]]],
    ['money of another day', [], [ours({ isExpected: false })], []],
    ['another amount', [line({ amount: usd(999n) })], [ours()], [['different', 'amount']]],
    [
      'another currency',
      [line({ amount: { minor: 1000n, currency: 'EUR' } })],
      [ours()],
      [['different', 'currency']],
    ],
    [
      'an order that was paid twice',
      [line(), line({ providerTransaction: 'tx2' })],
      [ours()],
      [
        ['matched', null],
        ['missing_here', null],
      ],
    ],
    [
      'one line twice',
      [line(), line()],
      [ours()],
      [
        ['matched', null],
        ['missing_here', null],
      ],
    ],
    [
      'a refund by our number',
      [line({ kind: 'refund', number: 'refund1', providerTransaction: 're', amount: usd(-5n) })],
      [ours({ kind: 'refund', number: 'refund1', reference: null, amount: usd(-5n) })],
      [['matched', null]],
    ],
    [
      'a refund that we take for failed',
      [line({ kind: 'refund', amount: usd(-5n) })],
      [ours({ kind: 'refund', amount: usd(-5n), status: 'failed' })],
      [['different', 'status']],
    ],
    [
      'a refund that bounced',
      [line({ kind: 'refund', amount: usd(-5n) }), line({ kind: 'refund', amount: usd(5n) })],
      [ours({ kind: 'refund', amount: usd(-5n), status: 'failed' })],
      [
        ['matched', null],
        ['matched', null],
      ],
    ],
    [
      'a dispute that was lost and won',
      [line({ kind: 'dispute', amount: usd(-9n) }), line({ kind: 'dispute', amount: usd(9n) })],
      [ours({ kind: 'dispute', amount: usd(-9n), isExpected: false })],
      [
        ['matched', null],
        ['matched', null],
      ],
    ],
    ['fees and payouts', [line({ kind: 'fee' }), line({ kind: 'payout' })], [], []],
    ['anything else', [line({ kind: 'other' })], [], [['missing_here', null]]],
  ])('compares %s', (_what, lines, booked, expected) => {
    expect(results(lines, booked)).toEqual(expected);
  });

  const money = fc.record({
    reference: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    minor: fc.bigInt(1n, 20n),
    currency: fc.constantFrom('USD', 'CNY'),
  });
  const anyLine = fc
    .record({
      kind: fc.constantFrom('payment', 'refund', 'dispute', 'fee', 'payout', 'other'),
      money,
      isNegative: fc.boolean(),
      fee: fc.option(fc.bigInt(0n, 3n)),
      second: fc.integer({ min: 0, max: 9 }),
    })
    .map(
      (drawn): StatementLine => ({
        kind: drawn.kind as StatementLine['kind'],
        number: `n${drawn.money.reference}`,
        providerTransaction: drawn.money.reference,
        amount: {
          minor: drawn.isNegative ? -drawn.money.minor : drawn.money.minor,
          currency: drawn.money.currency,
        },
        fee: drawn.fee === null ? null : { minor: drawn.fee, currency: drawn.money.currency },
        at: new Date(at.getTime() + drawn.second * 1000),
      }),
    );
  const anyBooked = fc
    .uniqueArray(
      fc.record({
        kind: fc.constantFrom('payment', 'refund', 'dispute') as fc.Arbitrary<Booked['kind']>,
        money,
        isExpected: fc.boolean(),
        isNobodys: fc.boolean(),
        status: fc.constantFrom('booked', 'pending', 'failed') as fc.Arbitrary<Booked['status']>,
      }),
      { selector: ({ kind, money: { reference } }) => `${kind} ${reference}`, maxLength: 12 },
    )
    .map((all) =>
      all.map(({ kind, money: { reference, minor, currency }, isNobodys, ...rest }): Booked => {
        const whose = isNobodys
          ? { attemptId: null, organizationId: null }
          : { attemptId: `pay_${reference}`, organizationId: 'org_1' };
        const id = `${kind}_${reference}`;
        return {
          ...{ kind, id, number: `n${reference}`, reference, ...whose, ...rest },
          amount: { minor: kind === 'payment' ? minor : -minor, currency },
        };
      }),
    );
  const anyMovements = fc.array(money, { maxLength: 8 }).map((all) =>
    all.map(
      ({ reference, minor, currency }): LedgerMovement => ({
        reference: `pay_${reference}`,
        amount: { minor, currency },
      }),
    ),
  );

  test.prop([fc.array(anyLine, { maxLength: 15 }), anyBooked])(
    'says of every line one thing, of everything else that is expected one thing, by names of their own',
    (lines, booked) => {
      const items = matchStatement(lines, booked);
      const compared = lines.filter(({ kind }) => kind !== 'fee' && kind !== 'payout');
      expect(items.filter((item) => item.line !== null)).toHaveLength(compared.length);
      expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
      const named = items.map((item) => item.booked);
      for (const each of booked) {
        const times = named.filter((one) => one === each).length;
        if (each.kind === 'payment') expect(times).toBeLessThanOrEqual(1);
        if (each.isExpected && each.status === 'booked') expect(times).toBeGreaterThan(0);
      }
    },
  );

  test.prop([fc.array(anyLine, { maxLength: 12 }), anyBooked, fc.integer()])(
    'finds the same whatever the order of the lines',
    (lines, booked, seed) => {
      const turned = [...lines].sort((a, b) => (hash(a, seed) < hash(b, seed) ? -1 : 1));
      const found = (some: StatementLine[]) =>
        matchStatement(some, booked)
          .map(({ key, result, difference }) => `${key} ${result} ${difference}`)
          .sort();
      // Two lines of the same instant, kind and name are told apart by nothing but their amounts.
      expect(found(turned)).toEqual(found(lines));
    },
  );

  test.prop([fc.array(anyLine, { maxLength: 15 }), anyBooked, anyMovements])(
    'explains the whole difference between statement and ledger, per currency',
    (lines, booked, movements) => {
      const items = matchStatement(lines, booked);
      for (const totals of totalsOf(lines, items, movements)) {
        const because = Object.values(totals.because).reduce((sum, each) => sum + each, 0n);
        expect(because).toBe(totals.statement - totals.ledger);
        const { payments, refunds, disputes, other } = totals;
        expect(payments + refunds + disputes + other).toBe(totals.statement);
      }
    },
  );

  test.prop([anyBooked])('finds no difference where both sides have the same', (booked) => {
    const clean = booked
      .filter(({ status }) => status === 'booked')
      .map((each) => ({ ...each, organizationId: 'org_1', attemptId: each.attemptId ?? 'pay_x' }));
    const lines = clean.map(({ kind, number, reference, amount }) =>
      line({ kind, number, providerTransaction: reference ?? '', amount }),
    );
    const movements = clean.map(({ kind, id, attemptId, amount }) => ({
      reference: kind === 'payment' ? attemptId : id,
      amount,
    }));
    const items = matchStatement(lines, clean);
    expect(items.every(({ result }) => result === 'matched')).toBe(true);
    for (const { statement, ledger, because } of totalsOf(lines, items, movements)) {
      expect(statement).toBe(ledger);
      expect(Object.values(because).every((each) => each === 0n)).toBe(true);
    }
  });
});

/** Any order that has nothing to do with what the lines say. */
function hash({ amount, at: instant, kind }: StatementLine, seed: number): number {
  let value = seed;
  for (const character of `${kind}${amount.minor}${instant.getTime()}`) {
    value = (value * 31 + character.charCodeAt(0)) | 0;
  }
  return value;
}

describe('foldFees', () => {
  it('puts what a refund gives back of a fee to the refund', () => {
    const refund = line({ kind: 'refund', amount: usd(-500n), fee: usd(0n) });
    const returned = line({ kind: 'fee', amount: usd(3n), number: null });
    expect(foldFees([refund, returned])).toEqual([{ ...refund, fee: usd(-3n) }]);
  });

  it('leaves a fee of nothing that is listed as it is', () => {
    const monthly = line({ kind: 'fee', providerTransaction: 'monthly', amount: usd(-900n) });
    const elsewhere = line({ kind: 'fee', amount: { minor: -1n, currency: 'EUR' } });
    expect(foldFees([line(), monthly, elsewhere])).toEqual([line(), monthly, elsewhere]);
  });

  test.prop([fc.array(fc.tuple(fc.bigInt(-9n, 9n), fc.boolean(), fc.boolean()), { maxLength: 9 })])(
    'keeps the sum of all fees',
    (drawn) => {
      const lines = drawn.map(([minor, isFee, isFirst]) =>
        line({
          kind: isFee ? 'fee' : 'payment',
          providerTransaction: isFirst ? 'a' : 'b',
          amount: usd(minor),
          fee: isFee ? null : usd(minor),
        }),
      );
      const sum = (some: StatementLine[]) => totalsOf(some, [], [])[0]?.fees ?? 0n;
      expect(sum(foldFees(lines))).toBe(sum(lines));
    },
  );
});

describe('resolutionsOf', () => {
  const item = {
    kind: 'payment',
    difference: null,
    organizationId: 'org_1',
    line: usd(5n),
    namesPayment: false,
  } as const;

  it('offers nothing for what is matched', () => {
    expect(resolutionsOf({ ...item, result: 'matched' })).toEqual([]);
  });

  it('counts money only that came', () => {
    const missing = { ...item, result: 'missing_here' } as const;
    expect(resolutionsOf(missing)).toEqual(['settled', 'unapplied', 'accepted']);
    expect(resolutionsOf({ ...missing, line: usd(-5n) })).toEqual(['accepted']);
    expect(resolutionsOf({ ...missing, kind: 'other' })).toEqual(['accepted']);
    const refund = { ...missing, kind: 'refund', line: usd(-5n) } as const;
    expect(resolutionsOf(refund)).toEqual(['accepted']);
    expect(resolutionsOf({ ...refund, namesPayment: true })).toEqual(['settled', 'accepted']);
  });

  it('writes off only what is in somebody’s books', () => {
    const missing = { ...item, result: 'missing_there', line: null } as const;
    expect(resolutionsOf(missing)).toEqual(['written_off', 'accepted']);
    expect(resolutionsOf({ ...missing, organizationId: null })).toEqual(['accepted']);
    const other = { ...item, result: 'different', difference: 'currency' } as const;
    expect(resolutionsOf(other)).toEqual(['accepted']);
  });
});
