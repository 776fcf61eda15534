import { describe, expect, test } from 'vitest';
import { percentPattern, rateFormOf, toNewRate, toRateChange } from './rate-form.ts';

const timeZone = 'Asia/Shanghai';
const rate = {
  id: 'txr_1',
  country: 'DE',
  name: 'MwSt',
  rate: '19',
  inclusive: false,
  valid_from: '2026-01-01T00:00:42.123Z',
};

describe('toRateChange', () => {
  test('leaves the instant alone that nobody touched', () => {
    const form = { ...rateFormOf(rate, timeZone), rate: '16' };
    expect(toRateChange(form, rate, timeZone)).toEqual({
      country: 'DE',
      name: 'MwSt',
      rate: '16',
      inclusive: false,
    });
  });

  test('reads a changed one by the clocks of the page', () => {
    const form = { ...rateFormOf(rate, timeZone), valid_from: '2026-07-01T00:00' };
    expect(toRateChange(form, rate, timeZone).valid_from).toBe('2026-06-30T16:00:00.000Z');
  });
});

test('a new rate without a beginning begins now, by the server', () => {
  const { country, name, inclusive } = rate;
  const form = { country, name, rate: '7', inclusive };
  expect(toNewRate(form, timeZone)).toEqual(form);
});

test.each([
  ['0', true],
  ['19', true],
  ['7.5', true],
  ['100', true],
  ['100.5', false],
  ['05', false],
  ['19 %', false],
])('"%s" is a rate: %s', (text, expected) => {
  expect(percentPattern.test(text)).toBe(expected);
});
