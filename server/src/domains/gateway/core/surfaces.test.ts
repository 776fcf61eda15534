import { describe, expect, it } from 'vitest';
import { dialectOf, routeOf } from './surfaces.ts';

describe('routeOf', () => {
  it.each([
    ['/v1/chat/completions', 'openai.chat'],
    ['/v1/responses', 'openai.responses'],
    ['/v1/embeddings', 'openai.embeddings'],
    ['/v1/messages', 'anthropic.messages'],
    ['/v1/messages/count_tokens', 'anthropic.count_tokens'],
    ['/v1beta/models/m:countTokens', 'gemini.count_tokens'],
    ['/v1/models/m:generateContent', 'gemini.generate_content'],
  ])('finds what %s asks for', (path, name) => {
    expect(routeOf(path, {})).toMatchObject({ surface: { name } });
  });

  it('takes the model and the stream from an address of Google’s', () => {
    const surface = { name: 'gemini.generate_content' };
    expect(routeOf('/v1beta/models/a%2Fb:generateContent', {})).toMatchObject({
      surface,
      model: 'a/b',
      isStream: false,
    });
    expect(routeOf('/v1beta/models/m:streamGenerateContent', { alt: 'sse' })).toMatchObject({
      surface,
      model: 'm',
      isStream: true,
    });
  });

  it.each([
    '/v1/completions',
    '/v2/models/m:generateContent',
    '/v1beta/models/m:predict',
    '/v1beta/models/:generateContent',
    '/v1beta/models/%E0%A4%A:generateContent',
  ])('knows nothing of %s', (path) => {
    expect(routeOf(path, {})).toBeUndefined();
  });

  it('refuses a stream that would come as a list, and a key in the address', () => {
    const path = '/v1beta/models/m:streamGenerateContent';
    expect(routeOf(path, {})).toMatchObject({ refusal: { status: 400, param: 'alt' } });
    expect(routeOf(path, { alt: 'sse', key: 'sk-1' })).toMatchObject({
      refusal: { status: 401, code: 'key_in_address' },
    });
  });
});

describe('dialectOf', () => {
  it.each([
    ['/v1/chat/completions', {}, 'openai'],
    ['/v1/models', {}, 'openai'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, 'anthropic'],
    ['/v1/messages', {}, 'anthropic'],
    ['/v1/messages/count_tokens', {}, 'anthropic'],
    ['/v1beta/models', {}, 'gemini'],
    ['/v1beta/anything', {}, 'gemini'],
    ['/v1/models/m:generateContent', {}, 'gemini'],
    ['/v1/models', { 'x-goog-api-key': 'sk-1' }, 'gemini'],
  ])('speaks of %s with %j in the dialect of %s', (path, headers, dialect) => {
    expect(dialectOf(path, headers)).toBe(dialect);
  });
});
