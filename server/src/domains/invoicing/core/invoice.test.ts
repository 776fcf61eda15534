import { describe, expect, it } from 'vitest';
import { type PostedInvoice, paidPostings, voidPostings, writeOffPostings } from './application.ts';
import { decideApplication, formatNumber } from './invoice.ts';

const total = { minor: 3000n, currency: 'CNY' };
const dueAt = new Date('2026-03-07T12:00:00Z');
const before = new Date('2026-03-07T11:59:59Z');
const uncredited = { creditAppliedMinor: 0n, creditedDueMinor: 0n };

describe('decideApplication', () => {
  const pay = { kind: 'pay' } as const;
  const park = (reason: 'late' | 'duplicate' | 'amount_mismatch') =>
    ({ kind: 'park', reason }) as const;

  it.each([
    ['the whole amount in time', 'package', 'open', total, before, pay],
    ['the last instant of the term', 'package', 'open', total, dueAt, park('late')],
    ['a void invoice', 'package', 'void', total, before, park('late')],
    ['a paid invoice', 'package', 'paid', total, before, park('duplicate')],
    ['less', 'package', 'open', { ...total, minor: 2999n }, before, park('amount_mismatch')],
    [
      'another currency',
      'package',
      'open',
      { ...total, currency: 'USD' },
      before,
      park('amount_mismatch'),
    ],
    ['what is owed for a service, after its term', 'subscription', 'open', total, dueAt, pay],
    ['what was written off', 'subscription', 'uncollectible', total, dueAt, pay],
    ['a subscription’s invoice that is void', 'subscription', 'void', total, before, park('late')],
  ] as const)('%s', (_what, kind, status, money, now, expected) => {
    const invoice = { ...uncredited, kind, status, total, dueAt };
    expect(decideApplication(invoice, money, { now })).toEqual(expected);
  });

  it('takes what is due, not the total, where credit covers a part', () => {
    const invoice = { kind: 'subscription', status: 'open', total, dueAt } as const;
    const credited = { ...invoice, creditAppliedMinor: 1000n, creditedDueMinor: 500n };
    expect(decideApplication(credited, { ...total, minor: 1500n }, { now: before })).toEqual(pay);
    expect(decideApplication(credited, total, { now: before })).toEqual(park('amount_mismatch'));
  });
});

/** Balances after postings, without those that are zero, in minor units. */
function balancesAfter(start: Record<string, bigint>, postings: ReturnType<typeof paidPostings>) {
  const balances = new Map(
    Object.entries(start).map(([name, minor]) => [name, minor * 10_000_000n]),
  );
  const add = (account: string, amount: bigint) =>
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  for (const { debit, credit, amount } of postings) {
    expect(amount.amount > 0n).toBe(true);
    add(`${debit} ${amount.currency}`, -amount.amount);
    add(`${credit} ${amount.currency}`, amount.amount);
  }
  return Object.fromEntries(
    [...balances]
      .filter(([, amount]) => amount !== 0n)
      .map(([name, amount]) => [name, amount / 10_000_000n]),
  );
}

const posted = (given: Partial<PostedInvoice>): PostedInvoice => ({
  kind: 'subscription',
  status: 'open',
  total,
  taxMinor: 0n,
  exchange: null,
  creditAppliedMinor: 0n,
  creditedMinor: 0n,
  creditedTaxMinor: 0n,
  creditedDueMinor: 0n,
  ...given,
});

describe('the postings of an invoice', () => {
  it.each([
    ['a package', { kind: 'package' }, 3000n, { 'deferred CNY': 3000n }],
    ['what an operator wrote', { kind: 'manual' }, 3000n, { 'revenue CNY': 3000n }],
    ['a top-up', { kind: 'top_up' }, 3000n, { 'wallet CNY': 3000n }],
    ['nothing to pay', { total: { minor: 0n, currency: 'CNY' } }, 0n, {}],
    ['with tax', { taxMinor: 479n }, 3000n, { 'tax CNY': 479n, 'deferred CNY': 2521n }],
    [
      'in part by credit',
      { taxMinor: 479n, creditAppliedMinor: 1000n },
      2000n,
      { 'tax CNY': 479n, 'deferred CNY': 2521n },
    ],
    [
      'after a credit note that took back more than was due',
      {
        taxMinor: 300n,
        creditAppliedMinor: 2000n,
        creditedMinor: 1500n,
        creditedTaxMinor: 150n,
        creditedDueMinor: 1000n,
      },
      0n,
      { 'tax CNY': 150n, 'deferred CNY': 1350n },
    ],
  ] as const)('paid: %s', (_what, given, money, expected) => {
    const invoice = posted(given);
    const collected =
      invoice.creditAppliedMinor - (invoice.creditedMinor - invoice.creditedDueMinor);
    const start = { 'unapplied CNY': money, 'receivable CNY': collected };
    expect(balancesAfter(start, paidPostings(invoice))).toEqual(expected);
  });

  it('paid: a top-up in another currency goes through an exchange pair', () => {
    const exchange = { amount: { minor: 417n, currency: 'USD' }, rate: '0.1389' };
    const invoice = posted({ kind: 'top_up', exchange });
    expect(balancesAfter({ 'unapplied CNY': 3000n }, paidPostings(invoice))).toEqual({
      'exchange CNY': 3000n,
      'exchange USD': -417n,
      'wallet USD': 417n,
    });
  });

  it('written off, then paid all the same: as if it had been paid, but tax twice never', () => {
    const invoice = posted({ taxMinor: 500n, creditAppliedMinor: 600n });
    const off = balancesAfter({ 'receivable CNY': 600n }, writeOffPostings(invoice));
    expect(off).toEqual({ 'tax CNY': 100n, 'deferred CNY': 2500n, 'write_off CNY': -2000n });
    const late = paidPostings({ ...invoice, status: 'uncollectible' });
    expect(balancesAfter({ ...off, 'unapplied CNY': 2400n }, late)).toEqual({
      'tax CNY': 500n,
      'deferred CNY': 2500n,
    });
  });

  it('void: the credit that was used is the customer’s again', () => {
    const invoice = posted({ creditAppliedMinor: 600n });
    expect(balancesAfter({ 'receivable CNY': 600n }, voidPostings(invoice))).toEqual({
      'customer_credit CNY': 600n,
    });
  });
});

describe('formatNumber', () => {
  it('counts on past six digits', () => {
    expect(formatNumber('INV', 2026, 1n)).toBe('INV-2026-000001');
    expect(formatNumber('INV', 2026, 1234567n)).toBe('INV-2026-1234567');
  });
});
