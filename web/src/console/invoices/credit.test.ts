import { describe, expect, test } from 'vitest';
import { creditableLines, creditableTotal, sumOfLines, toCreditBody } from './credit.ts';
import type { Invoice } from './invoice.ts';

const lineOf = (position: number, net_amount: string): Invoice['lines'][number] => ({
  position,
  kind: 'subscription',
  description: `Line ${position}`,
  text: { code: 'free_text', params: {} },
  details: [],
  quantity: '1',
  unit_amount: net_amount,
  amount: net_amount,
  net_amount,
  tax_rate: null,
  period: null,
});
const noteOf = (position: number | null, amount: string) => ({
  lines: [{ position, amount, description: '', text: { code: 'credit', params: {} } }],
});

describe('creditableLines', () => {
  const invoice = { lines: [lineOf(0, '29.99'), lineOf(1, '10.00'), lineOf(2, '0.00')] };

  test('offers what earlier notes have left of each line', () => {
    const notes = [noteOf(0, '9.99'), noteOf(0, '5'), noteOf(null, '3.00')];
    expect(creditableLines(invoice, notes).map(({ line, left }) => [line.position, left])).toEqual([
      [0, '15'],
      [1, '10.00'],
    ]);
  });

  test('leaves out a line that was taken back in full', () => {
    expect(creditableLines(invoice, [noteOf(1, '10')]).map(({ line }) => line.position)).toEqual([
      0,
    ]);
  });
});

test('what is left of an invoice is its total less its credit notes', () => {
  expect(creditableTotal({ total: '119.00', credited: '0.03' })).toBe('118.97');
});

test('amounts of lines add up without rounding', () => {
  expect(sumOfLines({ '0': '0.1', '1': '0.2' })).toBe('0.3');
});

describe('toCreditBody', () => {
  const form = { lines: { '2': '1.50' }, amount: '7', reason: 'Twice' };

  test('sends only what the chosen scope needs', () => {
    expect(toCreditBody({ ...form, scope: 'whole' })).toEqual({ reason: 'Twice' });
    expect(toCreditBody({ ...form, scope: 'amount' })).toEqual({ amount: '7', reason: 'Twice' });
    expect(toCreditBody({ ...form, scope: 'lines' })).toEqual({
      lines: [{ position: 2, amount: '1.50' }],
      reason: 'Twice',
    });
  });
});
