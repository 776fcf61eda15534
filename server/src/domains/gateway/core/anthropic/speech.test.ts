import { describe, expect, it } from 'vitest';
import { malformed, modelNotFound, refusals } from '../refusals.ts';
import { anthropicSpeech, messages } from './index.ts';

describe('anthropicSpeech', () => {
  it.each([
    ['a wrong key', refusals.keyInvalid, 401, 'authentication_error'],
    ['a suspended organization', refusals.suspended, 403, 'permission_error'],
    ['no funds', refusals.outOfFunds, 402, 'billing_error'],
    ['a broken body', malformed('Send "messages".'), 400, 'invalid_request_error'],
    ['an unknown model', modelNotFound('x'), 404, 'not_found_error'],
    ['a large body', refusals.bodyTooLarge, 413, 'request_too_large'],
    ['a busy upstream', refusals.upstreamBusy, 429, 'rate_limit_error'],
    ['no channel', refusals.noChannel, 529, 'overloaded_error'],
    ['a failed upstream', refusals.upstreamFailed, 502, 'api_error'],
    ['a quota of a day', { ...refusals.outOfFunds, status: 429 }, 429, 'rate_limit_error'],
  ])('says %s as its SDKs expect it', (_, refusal, status, type) => {
    expect(anthropicSpeech.statusOf(refusal)).toBe(status);
    expect(JSON.parse(anthropicSpeech.errorBody(refusal))).toEqual({
      type: 'error',
      error: { type, message: refusal.message, details: { error_code: refusal.code } },
    });
  });

  it('ends a stream with an event that is an error to the reader of streams, too', () => {
    const event = Buffer.from(anthropicSpeech.errorEvent(refusals.upstreamBroke));
    expect(messages.openStream({ wantsUsage: true }).read(event)).toBe('error');
  });

  it('shows a channel’s key as the vendor wants it', () => {
    expect(anthropicSpeech.keyHeaders('sk-ant-1')).toEqual({ 'x-api-key': 'sk-ant-1' });
  });
});

describe('countInput', () => {
  const count = (body: object) => messages.countInput(JSON.stringify(body), (text) => text.length);

  it('counts what the model reads', () => {
    const content = [{ type: 'text', text: '12345', cache_control: { type: 'ephemeral' } }];
    const bare = count({ messages: [] });
    expect(count({ messages: [{ role: 'user', content: '12345' }] })).toBe(bare + 4 + 5);
    expect(count({ messages: [{ role: 'user', content }], system: '123' })).toBe(bare + 4 + 5 + 3);
    expect(count({ messages: [], tools: [{ name: 'x' }] })).toBe(bare + 346 + 14);
  });

  it('counts pictures and pages by what they cost, not by their bytes', () => {
    const picture = { type: 'image', source: { type: 'base64', data: 'A'.repeat(100_000) } };
    const document = { type: 'document', source: { type: 'base64', data: 'A'.repeat(100_000) } };
    const bare = count({ messages: [{ role: 'user', content: [] }] });
    expect(count({ messages: [{ role: 'user', content: [picture] }] })).toBe(bare + 1_600);
    expect(count({ messages: [{ role: 'user', content: [document] }] })).toBe(bare + 6_000);
  });

  it('counts what is no JSON as a text', () => {
    expect(messages.countInput('hello', (text) => text.length)).toBe(5);
  });
});
