import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNanos } from '../../../platform/money.ts';
import { type Price, type Prices, rate, worstCase } from './rating.ts';
import type { Usage } from './usage.ts';

const used = (changes: Partial<Usage> = {}): Usage => ({
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  estimated: false,
  ...changes,
});

const priced = (
  prices: Partial<Record<keyof Prices, string>>,
  tiers: Price['tiers'] = [],
): Price => ({
  currency: 'USD',
  prices: Object.fromEntries(
    Object.entries({ input: '0', output: '0', ...prices }).map(([key, text]) => [
      key,
      parseNanos(text),
    ]),
  ) as unknown as Prices,
  tiers,
});

const tier = (aboveInputTokens: number, prices: Parameters<typeof priced>[0]) => ({
  aboveInputTokens,
  prices: priced(prices).prices,
});

describe('rate', () => {
  test.each([
    // $5 and $15 per million tokens, 10,000 in and 5,000 out: useautumn/autumn, track-tokens
    ['5', '15', 10_000, 5_000, '0.125'],
    ['5', '15', 5_000, 2_500, '0.0625'],
    ['0.15', '0.60', 1, 0, '0.00000015'],
    ['0.15', '0.60', 0, 0, '0'],
    ['1000000', '0', 999_999_999, 0, '999999999'],
  ])('input at %s and output at %s: %i and %i tokens cost %s', (input, output, ins, outs, cost) => {
    const usage = used({ inputTokens: ins, outputTokens: outs });
    expect(rate(priced({ input, output }), usage).amount).toBe(parseNanos(cost));
  });

  test.each([
    [499_999n, 0n],
    [500_000n, 1n],
    [1_499_999n, 1n],
    [1_500_000n, 2n],
  ])('rounds %i millionths of a nano half up to %i, once', (input, amount) => {
    const price = { currency: 'USD', prices: { input, output: 0n }, tiers: [] };
    expect(rate(price, used({ inputTokens: 1 })).amount).toBe(amount);
  });

  test('adds up before it rounds', () => {
    const price = { currency: 'USD', prices: { input: 400_000n, output: 400_000n }, tiers: [] };
    expect(rate(price, used({ inputTokens: 1, outputTokens: 1 })).amount).toBe(1n);
  });

  test('bills cached input, cache writes and reasoning at their own prices', () => {
    const price = priced({
      input: '3',
      cached_input: '0.3',
      cache_write: '3.75',
      output: '15',
      reasoning: '20',
    });
    const usage = used({
      inputTokens: 1_000_000,
      cachedInputTokens: 600_000,
      cacheWriteTokens: 100_000,
      outputTokens: 200_000,
      reasoningTokens: 50_000,
    });
    // 0.3 × 3 + 0.6 × 0.3 + 0.1 × 3.75 + 0.15 × 15 + 0.05 × 20
    expect(rate(price, usage).amount).toBe(parseNanos('4.705'));
  });

  test('bills parts without a price of their own as what they are part of', () => {
    const usage = used({
      inputTokens: 10,
      cachedInputTokens: 4,
      cacheWriteTokens: 3,
      outputTokens: 7,
      reasoningTokens: 5,
    });
    const price = priced({ input: '1', output: '2' });
    expect(rate(price, usage).amount).toBe(
      rate(price, used({ inputTokens: 10, outputTokens: 7 })).amount,
    );
  });

  test('never bills more input than there was when cached and written tokens exceed it', () => {
    const price = priced({ input: '2', cached_input: '1', cache_write: '4' });
    const usage = used({ inputTokens: 100, cachedInputTokens: 80, cacheWriteTokens: 70 });
    expect(rate(price, usage).amount).toBe(80n * 1_000n + 20n * 4_000n);
    const more = used({ inputTokens: 100, cachedInputTokens: 300, cacheWriteTokens: 70 });
    expect(rate(price, more).amount).toBe(100n * 1_000n);
  });

  test.each([
    [200_000, null, '0.2'],
    [200_001, 200_000, '0.400002'],
    [500_001, 500_000, '2.500005'],
  ])('applies the tier of %i input tokens to the whole call', (inputTokens, bound, cost) => {
    const price = priced({ input: '1' }, [
      tier(500_000, { input: '5' }),
      tier(200_000, { input: '2' }),
    ]);
    const rating = rate(price, used({ inputTokens }));
    expect(rating.tier).toBe(bound);
    expect(rating.amount).toBe(parseNanos(cost));
  });

  test('adds the price per request to every call', () => {
    const price = priced({ input: '1', request: '0.01' });
    expect(rate(price, used()).amount).toBe(parseNanos('0.01'));
    expect(rate(price, used({ inputTokens: 1_000_000 })).amount).toBe(parseNanos('1.01'));
  });

  test('writes a formula that can be repeated by hand', () => {
    const price = priced({ input: '2.5', cached_input: '1.25', output: '10', request: '0.001' });
    const usage = used({ inputTokens: 1000, cachedInputTokens: 200, outputTokens: 300 });
    expect(rate(price, usage).formula).toBe(
      '(800 input × 2.50 + 200 cached input × 1.25 + 300 output × 10.00) ÷ 1,000,000 + 0.001 per request = 0.00625 USD',
    );
    const odd = { currency: 'USD', prices: { input: 1n, output: 0n }, tiers: [] };
    expect(rate(odd, used({ inputTokens: 1 })).formula).toBe(
      '(1 input × 0.000000001) ÷ 1,000,000 = 0.00 USD, rounded half up to 9 decimals',
    );
    expect(rate(price, used()).formula).toBe('0 + 0.001 per request = 0.001 USD');
  });
});

describe('worstCase', () => {
  const nanos = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const count = fc.nat({ max: 300_000 });
  const prices = fc.record(
    {
      input: nanos,
      output: nanos,
      cached_input: nanos,
      cache_write: nanos,
      reasoning: nanos,
      request: nanos,
    },
    { requiredKeys: ['input', 'output'] },
  );
  const price = fc.record({
    currency: fc.constant('USD'),
    prices,
    tiers: fc.array(fc.record({ aboveInputTokens: fc.integer({ min: 1, max: 250_000 }), prices }), {
      maxLength: 3,
    }),
  });

  test('is never less than what a call within its bounds costs', () => {
    const property = fc.property(
      price,
      fc.record({ inputBytes: count, maxOutputTokens: count, n: fc.integer({ min: 1, max: 4 }) }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (price, bounds, [a = 0, b = 0, c = 0, d = 0, e = 0]) => {
        const inputTokens = Math.floor(bounds.inputBytes * a);
        const outputTokens = Math.floor(bounds.maxOutputTokens * bounds.n * b);
        const usage = used({
          inputTokens,
          outputTokens,
          cachedInputTokens: Math.floor(inputTokens * c * 1.2),
          cacheWriteTokens: Math.floor(inputTokens * d),
          reasoningTokens: Math.floor(outputTokens * e * 1.2),
        });
        expect(rate(price, usage).amount).toBeLessThanOrEqual(worstCase(price, bounds));
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  test('leaves out a tier that the input cannot reach', () => {
    const cheap = priced({ input: '1' }, [tier(100, { input: '9' })]);
    const bounds = { maxOutputTokens: 0, n: 1 };
    expect(worstCase(cheap, { inputBytes: 100, ...bounds })).toBe(100_000n);
    expect(worstCase(cheap, { inputBytes: 101, ...bounds })).toBe(909_000n);
  });

  test('counts the output of every answer that is asked for', () => {
    const bounds = { inputBytes: 0, maxOutputTokens: 10, n: 3 };
    expect(worstCase(priced({ output: '2' }), bounds)).toBe(60_000n);
  });
});
