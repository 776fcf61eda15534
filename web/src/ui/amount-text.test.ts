import { describe, expect, test } from 'vitest';
import { amountText, decimalsOf } from './amount-text.ts';

describe('amountText', () => {
  test.each([
    ['30', 'CNY', 'en', '¥30.00'],
    ['30', 'CNY', 'zh-CN', '¥30.00'],
    ['1234.5', 'USD', 'zh-CN', '$1,234.50'],
    ['-0.41', 'USD', 'en', '-$0.41'],
  ])('%s %s in %s reads %s', (value, currency, locale, text) => {
    expect(amountText(value, { currency, locale })).toBe(text);
  });

  test('an amount below a cent shows its digits', () => {
    expect(amountText('0.000369', { currency: 'USD', locale: 'en' })).toBe('$0.000369');
    expect(amountText('-0.000000001', { currency: 'USD', locale: 'en' })).toBe('-$0.000000001');
  });

  test('a balance is never shown larger than it is', () => {
    expect(amountText('4.99999', { currency: 'USD', locale: 'en' })).toBe('$4.9999');
  });

  test('a receipt shows every digit, more than a float holds', () => {
    const style = { currency: 'USD', locale: 'en', isExact: true };
    expect(amountText('12345678.123456789', style)).toBe('$12,345,678.123456789');
  });
});

test.each([
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
])('money in %s has %i decimals', (currency, decimals) => {
  expect(decimalsOf(currency)).toBe(decimals);
});
