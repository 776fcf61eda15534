import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, formatRatio, multiply, one, parseRatio, ratio } from '../../../platform/ratio.ts';
import { periodAt, periodNumber } from './period.ts';
import {
  changeOfPrice,
  daysBoughtBy,
  type ProrationRule,
  shareOf,
  unusedShare,
} from './proration.ts';

const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const by = (rule: ProrationRule) => ({ rule, timeZone: 'UTC' });
const cents = (value: ReturnType<typeof ratio>) => formatRatio(value, 2);

describe('periodAt', () => {
  const monthly = {
    interval: { unit: 'month', count: 1 } as const,
    anchor: at('2026-01-31'),
    timeZone: 'UTC',
  };

  test('keeps the 31st', () => {
    const starts = [0, 1, 2, 3, 13].map((index) =>
      periodNumber(monthly, index).from.toISOString().slice(0, 10),
    );
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2027-02-28']);
  });

  test('has the anchor’s time of day in its zone, whatever the clocks do', () => {
    const cycle = { ...monthly, anchor: at('2026-02-10T14:30:00Z'), timeZone: 'America/New_York' };
    expect(periodNumber(cycle, 1).from.toISOString()).toBe('2026-03-10T13:30:00.000Z');
  });

  test.each(['day', 'week', 'month', 'year'] as const)(
    'finds the period of any instant by %s',
    (unit) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 7 }),
          fc.date({ min: at('1990-01-01'), max: at('2090-01-01'), noInvalidDate: true }),
          fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'),
          (count, instant, timeZone) => {
            const cycle = {
              interval: { unit, count },
              anchor: at('2024-02-29T05:00:00Z'),
              timeZone,
            };
            const period = periodAt(cycle, instant);
            expect(period.from <= instant && instant < period.to).toBe(true);
            expect(periodNumber(cycle, period.index)).toEqual({ from: period.from, to: period.to });
          },
        ),
      );
    },
  );
});

describe('shareOf', () => {
  test.each([
    ['a start on the 10th', 'day', '2022-08-10', '2022-08-01', '2022-09-01', '50', '35.48'],
    ['after a trial of 5 days', 'day', '2022-04-06', '2022-04-01', '2022-05-01', '50', '41.67'],
    [
      'at noon of a day',
      'day',
      '2024-03-15T12:12:00Z',
      '2024-03-01',
      '2024-04-01',
      '50000',
      '27419.35',
    ],
  ] as const)('%s', (_what, rule, from, start, end, price, expected) => {
    const share = shareOf(span(from, end), span(start, end), by(rule));
    expect(cents(multiply(parseRatio(price), share))).toBe(expected);
  });

  test('a quarter that began late and ended early is a share of the whole quarter', () => {
    const share = shareOf(
      span('2024-05-20', '2024-06-21'),
      span('2024-04-15', '2024-07-15'),
      by('day'),
    );
    expect(cents(multiply(ratio(91_000n), share))).toBe('32000');
  });

  test.each([
    ['2011-05-23', '2011-06-15', '0.733333333'],
    ['2011-02-23', '2011-03-15', '0.733333333'],
    ['2012-02-23', '2012-03-15', '0.733333333'],
    ['2011-05-15', '2011-05-23', '0.266666667'],
  ])('counts months of thirty days from %s to %s', (from, to, expected) => {
    const part = span(from, to);
    expect(formatRatio(shareOf(part, part, by('thirty_days')), 9)).toBe(expected);
  });

  test('parts of a period add up to all of it, wherever it is cut', () => {
    const period = span('2026-03-01', '2026-04-01');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31 * 86_400_000 - 1 }), (offset) => {
        const cut = new Date(period.from.getTime() + offset);
        const before = shareOf({ from: period.from, to: cut }, period, by('second'));
        expect(add(before, unusedShare(cut, period, by('second')))).toEqual(one);
        const beforeByDay = shareOf({ from: period.from, to: cut }, period, by('day'));
        const unusedByDay = unusedShare(new Date(cut.getTime() - 1), period, by('day'));
        expect(add(beforeByDay, unusedByDay)).toEqual(one);
      }),
    );
  });
});

describe('changeOfPrice', () => {
  const month = span('2026-04-01', '2026-05-01');
  const halfway = at('2026-04-16');

  test.each([
    ['20', '50', '15'],
    ['10', '20', '5'],
    ['50', '20', '-15'],
  ])('from %s to %s halfway costs %s', (from, to, expected) => {
    const prices = { from: parseRatio(from), to: parseRatio(to) };
    const { credit, charge } = changeOfPrice(prices, halfway, month, by('second'));
    expect(cents(add(credit, charge))).toBe(expected);
  });

  test('gives back to the second', () => {
    const end = new Date(1_489_449_600_000);
    const period = { from: new Date(end.getTime() - 28 * 86_400_000), to: end };
    const share = unusedShare(new Date(1_488_568_488_000), period, by('second'));
    expect(cents(multiply(ratio(10n), share))).toBe('3.64');
  });

  test('by days, the day of the end is used up', () => {
    const share = unusedShare(at('2026-04-01T09:00:00Z'), month, by('day'));
    expect(share).toEqual(ratio(29n, 30n));
  });

  test('what is left buys days of the new price', () => {
    const left = multiply(
      ratio(30n),
      shareOf({ from: halfway, to: month.to }, month, by('second')),
    );
    expect(formatRatio(daysBoughtBy(left, ratio(60n), 30), 1)).toBe('7.5');
  });
});
