import { describe, expect, test } from 'vitest';
import { quantityText } from './quantity-text.ts';

const style = {
  locale: 'en',
  currency: 'USD',
  words: {
    tokens: (count: string) => `${count} tokens`,
    gigabytes: (count: string) => `${count} GB`,
  },
};

describe('quantityText', () => {
  test.each([
    ['1200', 'tokens', '1,200 tokens'],
    ['1.5', 'gb', '1.5 GB'],
    ['0.000000001', 'gb', '0.000000001 GB'],
    ['10000', 'count', '10,000'],
    ['2.5', 'money', '$2.50'],
  ] as const)('%s of %s is said as "%s"', (value, unit, text) => {
    expect(quantityText(value, unit, style)).toBe(text);
  });
});
