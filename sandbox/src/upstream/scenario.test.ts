import { describe, expect, test } from 'vitest';
import { parseScenario } from './scenario.ts';

describe('parseScenario', () => {
  test('reads every word', () => {
    const text =
      'slow=200ms, chunk_delay=1.5s, tokens=50, reasoning=5, cached=7, break_after=3, hang_after=4, ' +
      'error_event_after=2, hang, status=429, retry_after=2, code=insufficient_quota, split=7, usage=1000/500/100, ' +
      'written=9, written_1h=8, call, searches=2, stop=refusal';
    expect(parseScenario(text)).toEqual({
      ok: true,
      scenario: {
        slowMs: 200,
        chunkDelayMs: 1_500,
        tokens: 50,
        reasoningTokens: 5,
        cachedTokens: 7,
        breakAfter: 3,
        hangAfter: 4,
        errorEventAfter: 2,
        hang: true,
        status: 429,
        retryAfterSeconds: 2,
        errorCode: 'insufficient_quota',
        splitBytes: 7,
        writtenTokens: 9,
        written1hTokens: 8,
        callsFunction: true,
        searches: 2,
        stop: 'refusal',
        usage: { promptTokens: 1_000, completionTokens: 500, cachedTokens: 100 },
      },
    });
  });

  test.each([
    ['no_usage', { usage: 'none' }],
    ['zero_usage', { usage: 'zero' }],
    ['usage=3/4', { usage: { promptTokens: 3, completionTokens: 4, cachedTokens: 0 } }],
    [' , ', {}],
  ])('reads %s', (text, scenario) => {
    expect(parseScenario(text)).toEqual({ ok: true, scenario });
  });

  test.each([
    'slwo=1s',
    'slow=fast',
    'slow=11m',
    'tokens=-1',
    'tokens=20001',
    'status=200',
    'hang=yes',
    'usage=1',
    'split=0',
    'toString=1',
  ])('refuses %s by name', (text) => {
    const parsed = parseScenario(text);
    expect(parsed.ok).toBe(false);
    expect(parsed).toHaveProperty('message', expect.stringContaining(text.split('=')[0] ?? ''));
  });
});
