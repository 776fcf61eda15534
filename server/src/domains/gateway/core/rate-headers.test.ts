import { describe, expect, it } from 'vitest';
import { rateHeaders } from './rate-headers.ts';

const now = new Date('2026-01-02T03:04:05.000Z');
const states = [
  { kind: 'requests_per_minute', limit: 60, remaining: 59, resetMs: 1000 },
  { kind: 'requests_per_minute', limit: 10, remaining: 3, resetMs: 42_500 },
  { kind: 'tokens_per_minute', limit: 90_000, remaining: 80_000, resetMs: 361_000.4 },
  { kind: 'concurrency', limit: 5, remaining: 4, resetMs: 0 },
];

describe('rateHeaders', () => {
  it('tells the scarcer of two limits of a kind', () => {
    expect(rateHeaders(states, { dialect: 'openai', now })).toEqual({
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '42.5s',
      'x-ratelimit-limit-tokens': '90000',
      'x-ratelimit-remaining-tokens': '80000',
      'x-ratelimit-reset-tokens': '6m1.001s',
    });
  });

  it('names the instant to callers of Anthropic’s dialect', () => {
    expect(rateHeaders(states, { dialect: 'anthropic', now })).toMatchObject({
      'x-ratelimit-remaining-requests': '3',
      'anthropic-ratelimit-requests-limit': '10',
      'anthropic-ratelimit-requests-remaining': '3',
      'anthropic-ratelimit-requests-reset': '2026-01-02T03:04:47.500Z',
      'anthropic-ratelimit-tokens-remaining': '80000',
    });
  });

  it('says nothing where there is no limit', () => {
    expect(rateHeaders([], { dialect: 'anthropic', now })).toEqual({});
  });
});
