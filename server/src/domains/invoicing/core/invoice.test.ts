import { describe, expect, it } from 'vitest';
import { applicationPostings } from './application.ts';
import { decideApplication, formatNumber } from './invoice.ts';

const total = { minor: 3000n, currency: 'CNY' };
const dueAt = new Date('2026-03-07T12:00:00Z');
const before = new Date('2026-03-07T11:59:59Z');

describe('decideApplication', () => {
  it.each([
    ['the whole amount in time', 'open', total, before, { kind: 'pay' }],
    ['the last instant of the term', 'open', total, dueAt, { kind: 'park', reason: 'late' }],
    ['a void invoice', 'void', total, before, { kind: 'park', reason: 'late' }],
    ['a paid invoice', 'paid', total, before, { kind: 'park', reason: 'duplicate' }],
    [
      'less',
      'open',
      { ...total, minor: 2999n },
      before,
      { kind: 'park', reason: 'amount_mismatch' },
    ],
    [
      'another currency',
      'open',
      { ...total, currency: 'USD' },
      before,
      { kind: 'park', reason: 'amount_mismatch' },
    ],
  ] as const)('%s', (_what, status, money, now, expected) => {
    expect(decideApplication({ status, total, dueAt }, money, now)).toEqual(expected);
  });
});

describe('applicationPostings', () => {
  it.each([
    { kind: 'package', total, exchange: null },
    { kind: 'top_up', total: { minor: 2000n, currency: 'USD' }, exchange: null },
    {
      kind: 'top_up',
      total,
      exchange: { amount: { minor: 417n, currency: 'USD' }, rate: '0.1389' },
    },
    { kind: 'package', total: { minor: 0n, currency: 'USD' }, exchange: null },
  ] as const)('leave nothing in unapplied or receivable: %o', (invoice) => {
    const balances = new Map<string, bigint>([
      [`unapplied ${invoice.total.currency}`, invoice.total.minor * 10_000_000n],
    ]);
    const add = (account: string, amount: bigint) =>
      balances.set(account, (balances.get(account) ?? 0n) + amount);
    for (const { debit, credit, amount } of applicationPostings(invoice)) {
      add(`${debit} ${amount.currency}`, -amount.amount);
      add(`${credit} ${amount.currency}`, amount.amount);
    }
    const kept = [...balances].filter(([account]) => /^(unapplied|receivable)/.test(account));
    expect(kept.every(([, amount]) => amount === 0n)).toBe(true);
  });
});

describe('formatNumber', () => {
  it('counts on past six digits', () => {
    expect(formatNumber(2026, 1n)).toBe('INV-2026-000001');
    expect(formatNumber(2026, 1234567n)).toBe('INV-2026-1234567');
  });
});
