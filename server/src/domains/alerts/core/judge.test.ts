import { describe, expect, test } from 'vitest';
import { readFigure, writeFigure } from './figures.ts';
import { judge } from './judge.ts';

const days = (...values: number[]) =>
  values.map((value) => ({ value: BigInt(value), samples: BigInt(value) }));
const at = (value: number, samples = value) => ({ value: BigInt(value), samples: BigInt(samples) });
const rule = (
  condition: 'above' | 'below' | 'unusually_high' | 'unusually_low',
  figure: number,
  samplesMin = 0,
) => ({ condition, threshold: BigInt(figure), deviations: figure, samplesMin });

describe('judge', () => {
  test.each([
    ['above its threshold', rule('above', 500), at(501), 'beyond'],
    ['at its threshold', rule('above', 500), at(500), 'normal'],
    ['above, of too few', rule('above', 500, 20), at(10_000, 19), 'too_few_samples'],
    ['below its threshold', rule('below', 10, 20), at(9), 'beyond'],
    ['at its lower threshold', rule('below', 10), at(10), 'normal'],
    ['nothing measured', rule('above', 1), undefined, 'too_few_samples'],
  ] as const)('%s', (_, terms, reading, standing) => {
    expect(judge(terms, reading, []).standing).toBe(standing);
  });

  test('is not moved by two wild days of the past', () => {
    const past = days(100, 104, 96, 100, 900, 98, 102, 1500, 100, 101);
    const terms = rule('unusually_high', 6);
    expect(judge(terms, at(120), past).standing).toBe('normal');
    expect(judge(terms, at(160), past)).toMatchObject({ standing: 'beyond', expected: 100n });
  });

  test('has room even where every day was the same', () => {
    const past = days(...Array.from({ length: 14 }, () => 100));
    expect(judge(rule('unusually_high', 4), at(120), past).standing).toBe('normal');
    expect(judge(rule('unusually_high', 4), at(121), past).standing).toBe('beyond');
    expect(judge(rule('unusually_low', 4), at(80), past).standing).toBe('normal');
    expect(judge(rule('unusually_low', 4), at(79), past).standing).toBe('beyond');
  });

  test('needs five days of the past, for too little such with enough in them', () => {
    expect(judge(rule('unusually_high', 4), at(900), days(1, 1, 1, 1)).standing).toBe('no_past');
    const past = days(100, 100, 100, 3, 3, 3, 100);
    expect(judge(rule('unusually_low', 4, 50), at(0), past).standing).toBe('no_past');
    expect(judge(rule('unusually_low', 4, 50), at(0), [...past, at(100)]).standing).toBe('beyond');
  });
});

describe('figures', () => {
  test.each([
    ['payment_failure_rate', '5', 500n],
    ['payment_failure_rate', '0.25', 25n],
    ['response_time_p95', '2000', 2000n],
    ['usage_revenue', '12.50', 12_500_000_000n],
    ['calls', '7', 7n],
  ] as const)('of %s are read and written: %s', (metric, text, figure) => {
    expect(readFigure(metric, text)).toBe(figure);
    expect(writeFigure(metric, figure)).toBe(text);
  });

  test('finer than the metric are none', () => {
    expect(readFigure('payment_failure_rate', '0.125')).toBeUndefined();
    expect(readFigure('calls', '1.5')).toBeUndefined();
    expect(readFigure('calls', '1.0')).toBe(1n);
  });
});
