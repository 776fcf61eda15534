import { describe, expect, it } from 'vitest';
import { rate } from '../../../metering/index.ts';
import { readUsage } from './usage.ts';

const none = { cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };

describe('readUsage', () => {
  it.each([
    [
      'plain',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      { ...none, inputTokens: 10, outputTokens: 5 },
    ],
    [
      'cached and reasoning tokens, which are parts of the totals',
      {
        prompt_tokens: 1000,
        completion_tokens: 300,
        prompt_tokens_details: { cached_tokens: 400, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 250 },
      },
      {
        ...none,
        inputTokens: 1000,
        cachedInputTokens: 400,
        outputTokens: 300,
        reasoningTokens: 250,
      },
    ],
    [
      'zero, which is a report',
      { prompt_tokens: 0, completion_tokens: 0 },
      { ...none, inputTokens: 0, outputTokens: 0 },
    ],
    [
      'more cached and written than there was: clamped, never negative',
      {
        prompt_tokens: 100,
        completion_tokens: 1,
        prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 50 },
        completion_tokens_details: { reasoning_tokens: 9 },
      },
      {
        inputTokens: 100,
        cachedInputTokens: 80,
        cacheWriteTokens: 20,
        outputTokens: 1,
        reasoningTokens: 1,
        estimated: false,
      },
    ],
    [
      'DeepSeek’s cache hits',
      { prompt_tokens: 100, completion_tokens: 1, prompt_cache_hit_tokens: 64 },
      { ...none, inputTokens: 100, cachedInputTokens: 64, outputTokens: 1 },
    ],
    [
      'the names of the responses API',
      { input_tokens: 7, output_tokens: 3, input_tokens_details: { cached_tokens: 2 } },
      { ...none, inputTokens: 7, cachedInputTokens: 2, outputTokens: 3 },
    ],
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    ['an empty object', {}, undefined],
    ['a half', { prompt_tokens: 5 }, undefined],
    ['a negative', { prompt_tokens: -5, completion_tokens: 5 }, undefined],
    ['text', { prompt_tokens: '5', completion_tokens: 5 }, undefined],
    ['absurdity', { prompt_tokens: 1e18, completion_tokens: 5 }, undefined],
  ])('reads %s', (_, reported, usage) => {
    expect(readUsage(reported)).toEqual(usage);
  });

  it('case 10: bills cached tokens once: they are inside prompt_tokens', () => {
    const usage = readUsage({
      prompt_tokens: 1_000_000,
      completion_tokens: 0,
      prompt_tokens_details: { cached_tokens: 400_000 },
    });
    const price = {
      currency: 'USD',
      prices: { input: 1_000_000_000n, cached_input: 100_000_000n, output: 0n },
      tiers: [],
    };
    // 600,000 at 1 and 400,000 at 0.1 per million
    expect(usage && rate(price, usage).amount).toBe(640_000_000n);
  });
});
