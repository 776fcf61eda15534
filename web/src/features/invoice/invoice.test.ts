import { describe, expect, test } from 'vitest';
import { isPayable, standingOf, totalsOf } from './invoice.ts';

const invoice = { status: 'open', overdue: false, kind: 'subscription', due: '29.99' } as const;

describe('standingOf', () => {
  test('what is owed for a service past its term is overdue', () => {
    expect(standingOf({ ...invoice, overdue: true })).toBe('overdue');
  });

  test('a purchase that nobody paid in its time has lapsed', () => {
    expect(standingOf({ ...invoice, kind: 'top_up', overdue: true })).toBe('lapsed');
  });

  test('what is paid is paid, however late', () => {
    expect(standingOf({ ...invoice, status: 'paid', overdue: true })).toBe('paid');
  });
});

describe('isPayable', () => {
  test.each([
    ['an open invoice', invoice, true],
    ['an overdue one', { ...invoice, overdue: true }, true],
    ['a debt that was given up', { ...invoice, status: 'uncollectible' }, true],
    ['a lapsed purchase', { ...invoice, kind: 'package', overdue: true }, false],
    ['one that credit covers', { ...invoice, due: '0.00' }, false],
    ['a paid one', { ...invoice, status: 'paid', due: '0.00' }, false],
    ['a void one', { ...invoice, status: 'void', due: '0.00' }, false],
  ] as const)('%s: %s', (_, given, expected) => {
    expect(isPayable(given)).toBe(expected);
  });
});

describe('totalsOf', () => {
  const plain = {
    status: 'open',
    subtotal: '100.00',
    discount: '0.00',
    taxes: [],
    tax_inclusive: false,
    total: '100.00',
    credit_applied: '0.00',
    due: '100.00',
  } as const;

  test('leaves out what is nothing', () => {
    expect(totalsOf({ ...plain, taxes: [] }).map(({ what }) => what)).toEqual([
      'subtotal',
      'total',
      'due',
    ]);
  });

  test('says the way from the lines to what is due', () => {
    const rows = totalsOf({
      ...plain,
      discount: '10.00',
      taxes: [{ name: 'MwSt', rate: '19', taxable: '90.00', amount: '17.10' }],
      total: '107.10',
      credit_applied: '7.10',
      due: '80.00',
    });
    expect(rows.map(({ what, amount }) => `${what} ${amount}`)).toEqual([
      'subtotal 100.00',
      'discount -10',
      'tax 17.10',
      'total 107.10',
      'credit -7.1',
      'creditNotes -20',
      'due 80.00',
    ]);
  });

  test('tax that prices have in them is not added', () => {
    const taxes = [{ name: 'VAT', rate: '20', taxable: '83.33', amount: '16.67' }];
    const rows = totalsOf({ ...plain, taxes, tax_inclusive: true });
    expect(rows[1]).toMatchObject({ what: 'taxIncluded', rate: '20' });
  });

  test('a paid invoice owes nothing, and nothing was taken off for that', () => {
    const rows = totalsOf({ ...plain, taxes: [], status: 'paid', due: '0.00' });
    expect(rows.map(({ what }) => what)).toEqual(['subtotal', 'total', 'due']);
  });

  test('nothing is due on a draft', () => {
    const rows = totalsOf({ ...plain, taxes: [], status: 'draft', due: '0.00' });
    expect(rows.map(({ what }) => what)).toEqual(['subtotal', 'total']);
  });

  test('what is given back is never due', () => {
    const given = { ...plain, taxes: [], subtotal: '-18.00', total: '-18.00', due: '0.00' };
    expect(totalsOf(given).map(({ what }) => what)).toEqual(['subtotal', 'total']);
  });
});
