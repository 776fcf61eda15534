import { describe, expect, it } from 'vitest';
import { readRateReset, readRetryAfter } from './rate-reset.ts';
import { judgeAnswer, type Verdict } from './upstream-verdict.ts';

const nowMs = Date.UTC(2026, 2, 4, 12);
const judge = (status: number, error?: object, headers: Record<string, string> = {}) =>
  judgeAnswer(
    {
      ...{ status, headers, model: 'gpt-5' },
      body: error && Buffer.from(JSON.stringify({ error })),
    },
    nowMs,
  );
const rests = (of: string, kind: string, reason: string, ms?: number) => ({
  kind: 'failed',
  rest: { kind: 'rest', of, reason, length: kind === 'asked' ? { kind, ms } : { kind } },
});
const none: Verdict = { kind: 'failed', rest: { kind: 'none' } };

describe('judgeAnswer', () => {
  it.each([
    [200, { kind: 'answer' }],
    [400, { kind: 'callers_fault' }],
    [413, { kind: 'callers_fault' }],
    [422, { kind: 'callers_fault' }],
    [401, rests('key', 'long', 'key_refused')],
    [402, rests('key', 'long', 'no_credit')],
    [403, rests('key', 'long', 'not_permitted')],
    [404, none],
    [429, rests('key', 'asked', 'rate_limited')],
    [500, { kind: 'failed', rest: { kind: 'growing' } }],
    [503, rests('channel', 'asked', 'overloaded')],
    [529, rests('channel', 'asked', 'overloaded')],
    [302, none],
  ])('judges %i', (status, verdict) => {
    expect(judge(status)).toEqual(verdict);
  });

  it.each([429, 503, 529])('lets an upstream that says %i say for how long', (status) => {
    const of = status === 429 ? 'key' : 'channel';
    const reason = status === 429 ? 'rate_limited' : 'overloaded';
    expect(judge(status, undefined, { 'retry-after': '7' })).toEqual(
      rests(of, 'asked', reason, 7000),
    );
  });

  it.each([
    [
      'OpenAI’s',
      404,
      { code: 'model_not_found', message: 'The model does not exist' },
      'model_unknown',
    ],
    ['OpenAI’s', 403, { code: 'model_not_found', message: 'no access' }, 'model_not_permitted'],
    ['Anthropic’s', 404, { type: 'not_found_error', message: 'model: gpt-5' }, 'model_unknown'],
    [
      'Gemini’s',
      404,
      { message: 'models/gpt-5 is not found for API version v1beta' },
      'model_unknown',
    ],
    ['another’s', 403, { message: 'Your plan does not include gpt-5.' }, 'model_not_permitted'],
  ])('knows %s %i of one model', (_, status, error, reason) => {
    expect(judge(status, error)).toEqual(rests('model', 'asked', reason));
  });

  it.each([
    ['Gemini’s wrong key', 400, { details: [{ reason: 'API_KEY_INVALID' }] }, 'key_refused'],
    ['OpenAI’s used-up account', 429, { code: 'insufficient_quota' }, 'no_credit'],
    [
      'Anthropic’s used-up account',
      400,
      { message: 'Your credit balance is too low to' },
      'no_credit',
    ],
    ['Anthropic’s billing', 403, { type: 'billing_error' }, 'no_credit'],
  ])('knows %s', (_, status, error, reason) => {
    expect(judge(status, error)).toEqual(rests('key', 'long', reason));
  });

  it.each([
    [403, { message: 'CachedContent not found (or permission denied)' }],
    [404, { message: 'File file-abc was not found' }],
    [404, { message: 'Previous response with id resp_1 not found.' }],
    [429, { message: 'Request too large for gpt-5 on tokens per min (TPM): Limit 30000.' }],
  ])('holds %i for what the caller named or sent against nobody', (status, error) => {
    expect(judge(status, error)).toEqual(none);
  });

  it('knows moderation from a refused key', () => {
    const message = 'gpt-5 requires moderation and your input was flagged';
    expect(judge(403, { message })).toEqual({ kind: 'callers_fault' });
  });

  it('reads Gemini’s RetryInfo', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
    expect(judge(429, { details })).toEqual(rests('key', 'asked', 'rate_limited', 34_070));
  });

  it.each(['', '[]', 'null', '{"error":"no"}', '<html>', '{"error":{"details":[1],"code":5}}'])(
    'goes by the status where the body says nothing: %s',
    (text) => {
      const answer = { status: 403, headers: {}, body: Buffer.from(text) };
      expect(judgeAnswer(answer, nowMs)).toEqual(rests('key', 'long', 'not_permitted'));
    },
  );
});

describe('readRetryAfter', () => {
  it.each([
    ['2', 2000],
    ['0', 0],
    ['Wed, 04 Mar 2026 12:00:30 GMT', 30_000],
    ['Wed, 04 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s', (text, ms) => {
    expect(readRetryAfter(text, nowMs)).toBe(ms);
  });
});

describe('readRateReset', () => {
  it.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    [{ 'retry-after': '2', 'x-ratelimit-reset-requests': '9s' }, 2000],
    [{ 'x-ratelimit-reset-requests': '20ms', 'x-ratelimit-reset-tokens': '6m0s' }, 20],
    [
      {
        ...{ 'x-ratelimit-reset-requests': '20ms', 'x-ratelimit-remaining-requests': '12' },
        ...{ 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '0' },
      },
      360_000,
    ],
    [{ 'anthropic-ratelimit-tokens-reset': '2026-03-04T12:00:09Z' }, 9000],
    [{ 'x-ratelimit-reset-requests': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %o', (headers, ms) => {
    expect(readRateReset(headers, nowMs)).toBe(ms);
  });
});
