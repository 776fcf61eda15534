import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNanos } from '../../../platform/money.ts';
import { multiplierOne } from '../../../platform/multiplier.ts';
import type { Price, Prices } from './price.ts';
import { chargeFor, rate, worstCase } from './rating.ts';
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

  test('bills what is written for an hour, images, audio and searches at their own prices', () => {
    const price = priced({
      ...{ input: '3', cached_input: '0.3', cache_write: '3.75', cache_write_1h: '6' },
      ...{ image: '4', audio_input: '10', output: '15', audio_output: '20', image_output: '30' },
      ...{ search: '0.01', request: '0.002' },
    });
    const usage = used({
      ...{ inputTokens: 1000, cachedInputTokens: 100, cacheWriteTokens: 300 },
      ...{ cacheWrite1hTokens: 200, audioInputTokens: 50, imageInputTokens: 150 },
      ...{ outputTokens: 100, audioOutputTokens: 20, imageOutputTokens: 30, searches: 2 },
    });
    expect(rate(price, usage).formula).toBe(
      '(400 input × 3.00 + 100 cached input × 0.30 + 100 cache write × 3.75 + 200 cache write (1 h) × 6.00' +
        ' + 50 audio input × 10.00 + 150 image input × 4.00 + 50 output × 15.00 + 20 audio output × 20.00' +
        ' + 30 image output × 30.00) ÷ 1,000,000 + 2 searches × 0.01 + 0.002 per request = 0.027955 USD',
    );
  });

  test('bills an hour’s writes as other writes, and those as input, where they have no price', () => {
    const usage = used({ inputTokens: 100, cacheWriteTokens: 60, cacheWrite1hTokens: 90 });
    expect(chargeFor(priced({ input: '1', cache_write: '2' }), usage)).toBe(160_000n);
    expect(chargeFor(priced({ input: '1' }), usage)).toBe(100_000n);
    expect(chargeFor(priced({ input: '1', cache_write_1h: '3' }), usage)).toBe(220_000n);
  });

  test('takes what differs for a way of serving before the tier of context length', () => {
    const price = {
      ...priced({ input: '1', output: '2' }, [tier(10, { input: '4', output: '8' })]),
      serviceTiers: { flex: { input: parseNanos('0.5') } },
    };
    const short = rate(price, used({ inputTokens: 10, serviceTier: 'flex' }));
    expect(short).toMatchObject({ amount: 5_000n, tier: null, serviceTier: 'flex' });
    const long = rate(price, used({ inputTokens: 20, outputTokens: 1, serviceTier: 'flex' }));
    expect(long.formula).toBe(
      'flex tier, above 10 input tokens: (20 input × 0.50 + 1 output × 8.00) ÷ 1,000,000 = 0.000018 USD',
    );
    const unknown = rate(price, used({ inputTokens: 1, serviceTier: 'priority' }));
    expect(unknown).toMatchObject({ amount: 1_000n, serviceTier: null });
  });

  test('multiplies tokens and fees, and rounds once behind it', () => {
    const price = priced({ input: '1', request: '0.01', search: '0.02' });
    const usage = used({ inputTokens: 1, searches: 1 });
    expect(rate(price, usage, 333_333n)).toMatchObject({
      amount: 10_000_323n,
      formula:
        '((1 input × 1.00) ÷ 1,000,000 + 1 searches × 0.02 + 0.01 per request) × 0.333333 = 0.010000323 USD, rounded half up to 9 decimals',
    });
    expect(rate(price, usage, 0n).amount).toBe(0n);
    const half = { currency: 'USD', prices: { input: 1_000_000n, output: 0n }, tiers: [] };
    expect(chargeFor(half, used({ inputTokens: 1 }), 500_000n)).toBe(1n);
    expect(chargeFor(half, used({ inputTokens: 1 }), 499_999n)).toBe(0n);
  });
});

describe('worstCase', () => {
  const nanos = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const count = fc.nat({ max: 300_000 });
  const positions = [
    'cached_input',
    'cache_write',
    'cache_write_1h',
    'reasoning',
    'image',
  ] as const;
  const more = ['image_output', 'audio_input', 'audio_output', 'search', 'request'] as const;
  const table = Object.fromEntries([...positions, ...more].map((name) => [name, nanos]));
  const prices = fc.record(
    { input: nanos, output: nanos, ...table },
    { requiredKeys: ['input', 'output'] },
  );
  const differing = fc.record({ input: nanos, output: nanos, ...table }, { requiredKeys: [] });
  const price = fc.record({
    currency: fc.constant('USD'),
    prices,
    tiers: fc.array(fc.record({ aboveInputTokens: fc.integer({ min: 1, max: 250_000 }), prices }), {
      maxLength: 3,
    }),
    serviceTiers: fc.record({ flex: differing, priority: differing }, { requiredKeys: [] }),
  });
  const bounds = fc.record({
    ...{ inputBytes: count, maxOutputTokens: count, n: fc.integer({ min: 1, max: 4 }) },
    uses: fc.record({ search: fc.nat({ max: 10 }) }, { requiredKeys: [] }),
    serviceTier: fc.constantFrom(undefined, 'flex' as const, 'priority' as const),
    multiplierMillionths: fc.oneof(fc.constant(multiplierOne), fc.bigInt(0n, 10_000_000n)),
  });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test.each([undefined, 7])('is never less than what a call within its bounds costs', (seed) => {
    const property = fc.property(
      ...[price, bounds, fc.array(share, { minLength: 11, maxLength: 11 }), fc.boolean()],
      (price, bounds, shares, isServedAsAsked) => {
        const part = (whole: number, index: number) => Math.floor(whole * (shares[index] ?? 0));
        const inputTokens = part(bounds.inputBytes, 0);
        const outputTokens = part(bounds.maxOutputTokens * bounds.n, 1);
        const usage = used({
          ...{ inputTokens, outputTokens },
          cachedInputTokens: part(inputTokens * 1.2, 2),
          cacheWriteTokens: part(inputTokens, 3),
          cacheWrite1hTokens: part(inputTokens, 4),
          audioInputTokens: part(inputTokens, 5),
          imageInputTokens: part(inputTokens, 6),
          reasoningTokens: part(outputTokens * 1.2, 7),
          audioOutputTokens: part(outputTokens, 8),
          imageOutputTokens: part(outputTokens, 9),
          searches: part(bounds.uses.search ?? 0, 10),
          ...(isServedAsAsked && bounds.serviceTier && { serviceTier: bounds.serviceTier }),
        });
        const { multiplierMillionths } = bounds;
        const { amount } = rate(price, usage, multiplierMillionths);
        expect(amount).toBeLessThanOrEqual(worstCase(price, bounds));
        expect(chargeFor(price, usage, multiplierMillionths)).toBe(amount);
      },
    );
    fc.assert(property, { numRuns: 2_000, ...(seed !== undefined && { seed }) });
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
