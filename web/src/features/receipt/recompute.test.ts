import { describe, expect, test } from 'vitest';
import { type Receipt, recompute } from './recompute.ts';

const usage = (counts: Partial<Receipt['usage']>): Receipt['usage'] => ({
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  estimated: false,
  ...counts,
});
const prices = { input: '0.15', cached_input: '0.075', output: '0.60' };

describe('recompute', () => {
  test('charges cached input at its own price and takes it out of the input', () => {
    const { lines, total } = recompute({
      usage: usage({ input_tokens: 1200, cached_input_tokens: 200, output_tokens: 340 }),
      prices,
    });
    expect(lines.map(({ position, quantity, cost }) => [position, quantity, cost])).toEqual([
      ['input', 1000, '0.00015'],
      ['cached_input', 200, '0.000015'],
      ['output', 340, '0.000204'],
    ]);
    expect(total).toBe('0.000369');
  });

  test('rounds once, half up to the nano, while its lines keep their digits', () => {
    const { lines, total } = recompute({
      usage: usage({ input_tokens: 1 }),
      prices: { input: '0.0005', output: '0' },
    });
    expect(lines[0]?.cost).toBe('0.0000000005');
    expect(total).toBe('0.000000001');
  });

  test('adds what a call costs by itself', () => {
    const { total } = recompute({ usage: usage({}), prices: { ...prices, request: '0.01' } });
    expect(total).toBe('0.01');
  });

  test('multiplies the sum of tokens and fees, and rounds behind it', () => {
    const computed = recompute({
      usage: usage({ input_tokens: 1, searches: 1 }),
      prices: { input: '1', output: '0', request: '0.01', search: '0.02' },
      multiplier: '0.333333',
    });
    expect(computed).toMatchObject({
      ...{ sum: '0.030001', product: '0.010000323333', total: '0.010000323', isRounded: true },
    });
    expect(computed.lines.map(({ position }) => position)).toEqual(['input', 'search', 'request']);
  });

  test('takes parts with prices of their own out of what they are part of', () => {
    const { lines } = recompute({
      usage: usage({
        ...{ input_tokens: 1000, cached_input_tokens: 100, cache_write_tokens: 300 },
        ...{ cache_write_1h_tokens: 200, audio_input_tokens: 50, image_input_tokens: 150 },
        ...{ output_tokens: 100, audio_output_tokens: 20, image_output_tokens: 30 },
      }),
      prices: {
        ...{ input: '3', cache_write_1h: '6', audio_input: '10', image: '4', output: '15' },
        ...{ audio_output: '20' },
      },
    });
    expect(lines.map(({ position, quantity }) => [position, quantity])).toEqual([
      ...[
        ['input', 400],
        ['cached_input', 100],
        ['cache_write', 100],
        ['cache_write_1h', 200],
      ],
      ...[
        ['audio_input', 50],
        ['image', 150],
        ['output', 80],
        ['audio_output', 20],
      ],
    ]);
  });

  test('splits reasoning off only where it has a price', () => {
    const counts = usage({ output_tokens: 100, reasoning_tokens: 40 });
    expect(recompute({ usage: counts, prices }).lines).toHaveLength(1);
    const priced = recompute({ usage: counts, prices: { ...prices, reasoning: '1' } });
    expect(priced.lines.map(({ quantity }) => quantity)).toEqual([60, 40]);
  });

  test('is not misled by more cached tokens than input', () => {
    const { lines } = recompute({
      usage: usage({ input_tokens: 10, cached_input_tokens: 50 }),
      prices,
    });
    expect(lines).toMatchObject([{ position: 'cached_input', quantity: 10 }]);
  });
});
