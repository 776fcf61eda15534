import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { imageTokensMax } from './chat-content.ts';
import { readChatRequest } from './chat-request.ts';

const start = '{"model":"m","messages":[]';
const read = (rest: string) => readChatRequest(Buffer.from(`${start}${rest}}`));
const readObject = (body: object) =>
  readChatRequest(Buffer.from(JSON.stringify({ model: 'm', messages: [], ...body })));

describe('readChatRequest', () => {
  it('takes what decides the price', () => {
    const decision = readObject({ n: 3, max_tokens: 10, max_completion_tokens: 20, stream: true });
    expect(decision).toMatchObject({
      accepted: true,
      request: {
        model: 'm',
        isStream: true,
        wantsUsage: false,
        maxOutputTokens: 20,
        choices: 3,
        extraInputTokens: 0,
      },
    });
  });

  it('forwards fields that it does not know', () => {
    expect(readObject({ temperature: 1, reasoning_effort: 'low', top_k: 5 }).accepted).toBe(true);
  });

  it.each([
    'model',
    'messages',
    'stream',
    'max_tokens',
    'max_completion_tokens',
    'n',
    'stream_options',
    'service_tier',
    'tools',
    'web_search_options',
  ])('refuses "%s" given twice', (name) => {
    const decision = readChatRequest(
      Buffer.from(`{"model":"m","messages":[],"${name}":null,"${name}":null}`),
    );
    const code = decision.accepted ? undefined : decision.refusal.code;
    expect(code).toBe('duplicate_parameter');
  });

  it.each([
    ',"MODEL":"x"',
    ',"Max_Tokens":1',
    ',"ſtream":true',
    ',"max_toKens":1',
    ',"\\u004d\\u004fdel":"x"',
  ])('refuses a field that only some parsers would read: %s', (rest) => {
    const decision = read(rest);
    expect(decision.accepted ? undefined : decision.refusal.code).toBe('unknown_parameter');
  });

  it.each([
    [{ max_tokens: -1 }, 'max_tokens'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ max_tokens: '10' }, 'max_tokens'],
    [{ max_completion_tokens: 10_000_001 }, 'max_completion_tokens'],
    [{ n: 0 }, 'n'],
    [{ n: 129 }, 'n'],
    [{ n: [1] }, 'n'],
    [{ stream: 'true' }, 'stream'],
    [{ stream: true, stream_options: [] }, 'stream_options'],
    [{ stream: true, stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    [{ service_tier: 'batch' }, 'service_tier'],
    [{ service_tier: 'scale' }, 'service_tier'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ audio: { voice: 'alloy' } }, 'audio'],
    [{ web_search_options: {} }, 'web_search_options'],
    [{ models: ['expensive'] }, 'models'],
    [{ tools: [{ type: 'web_search' }] }, 'tools'],
    [{ tools: {} }, 'tools'],
    [{ messages: 'hello' }, 'messages'],
    [{ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'messages'],
    [{ messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }, 'messages'],
    [{ model: '' }, 'model'],
    [{ model: 7 }, 'model'],
  ])('refuses %j, naming the field', (body, param) => {
    const decision = readObject(body);
    expect(decision).toMatchObject({ accepted: false, refusal: { status: 400, param } });
  });

  it.each([
    [{ service_tier: 'auto' }],
    [{ service_tier: null, audio: null, web_search_options: null }],
    [{ modalities: ['text'] }],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }],
    [{ max_tokens: null, n: null, stream: null, stream_options: null }],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] }],
  ])('accepts %j', (body) => {
    expect(readObject(body)).toMatchObject({ accepted: true });
  });

  it.each(['flex', 'priority'])('says that it asks to be served as %s', (tier) => {
    const decision = readObject({ service_tier: tier });
    expect(decision).toMatchObject({ accepted: true, request: { serviceTier: tier } });
  });

  it('refuses include_usage given twice, which two parsers could read differently', () => {
    const decision = read(
      ',"stream":true,"stream_options":{"include_usage":true,"include_usage":false}',
    );
    expect(decision.accepted).toBe(false);
  });

  it('counts images, whose bytes bound nothing, even where the word is escaped', () => {
    const part = '{"type":"image\\u005furl","image_url":{"url":"https://example.com/a.png"}}';
    const decision = readChatRequest(
      Buffer.from(`{"model":"m","messages":[{"role":"user","content":[${part},${part}]}]}`),
    );
    const extra = decision.accepted ? decision.request.extraInputTokens : undefined;
    expect(extra).toBe(2 * imageTokensMax);
  });

  it('counts a predicted output beside the limit, for what is rejected of it is billed', () => {
    const prediction = { type: 'content', content: 'x'.repeat(100) };
    const decision = readObject({ max_tokens: 5, prediction });
    const extra = decision.accepted ? decision.request.extraOutputTokens : undefined;
    expect(extra).toBe(JSON.stringify(prediction).length);
  });

  it.each(['', 'null', '[]', '{"model":"m"', '{"model":"m",}', '\u0000'])(
    'refuses %j as no JSON object',
    (text) => {
      const decision = readChatRequest(Buffer.from(text));
      expect(decision).toMatchObject({ accepted: false, refusal: { code: 'invalid_json' } });
    },
  );

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.nat(60)])(
    'decides about any bytes, and never throws',
    (bytes, at) => {
      const body = Buffer.from('{"model":"m","messages":[],"stream":true,"stream_options":{}}');
      const damaged = Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]);
      expect(typeof readChatRequest(damaged).accepted).toBe('boolean');
    },
  );
});
