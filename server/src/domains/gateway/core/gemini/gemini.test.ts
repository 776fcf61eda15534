import { describe, expect, it } from 'vitest';
import { malformed, refusals } from '../refusals.ts';
import { splice } from '../splice.ts';
import { countTokens, geminiSpeech } from './index.ts';
import { countInput } from './input-tokens.ts';

describe('geminiSpeech', () => {
  it.each([
    [refusals.keyInvalid, 401, 'UNAUTHENTICATED'],
    [refusals.outOfFunds, 402, 'RESOURCE_EXHAUSTED'],
    [refusals.suspended, 403, 'PERMISSION_DENIED'],
    [malformed('No.', 'contents'), 400, 'INVALID_ARGUMENT'],
    [refusals.bodyTooLarge, 413, 'INVALID_ARGUMENT'],
    [refusals.upstreamBusy, 429, 'RESOURCE_EXHAUSTED'],
    [refusals.noChannel, 503, 'UNAVAILABLE'],
    [refusals.internal, 500, 'INTERNAL'],
  ])('says %j as Google would', (refusal, code, status) => {
    expect(geminiSpeech.statusOf(refusal)).toBe(code);
    const { error } = JSON.parse(geminiSpeech.errorBody(refusal));
    expect(error).toMatchObject({ code, status, message: refusal.message });
    expect(error.details[0]).toMatchObject({ reason: refusal.code.toUpperCase() });
    expect(geminiSpeech.errorEvent(refusal)).toBe(`data: ${JSON.stringify({ error })}\n\n`);
  });

  it('names the field and the time to wait', () => {
    const body = geminiSpeech.errorBody({ ...refusals.upstreamBusy, param: 'tools' });
    expect(JSON.parse(body).error.details).toEqual([
      expect.anything(),
      expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'tools' })] }),
      expect.objectContaining({ retryDelay: '1s' }),
    ]);
  });

  it('shows the key in a header', () => {
    expect(geminiSpeech.keyHeaders('k')).toEqual({ 'x-goog-api-key': 'k' });
  });
});

describe('countTokens', () => {
  const read = (body: object) =>
    countTokens.readRequest(Buffer.from(JSON.stringify(body)), { model: 'm', headers: {} });

  it('asks the same of the model that a channel has', () => {
    const body = { generateContentRequest: { model: 'models/m', contents: [] } };
    const decision = read(body);
    if (!decision.accepted) throw new Error(decision.refusal.message);
    const { path, edits } = decision.request.target('other');
    expect(path).toBe('/v1beta/models/other:countTokens');
    expect(JSON.parse(splice(Buffer.from(JSON.stringify(body)), edits).toString())).toEqual({
      generateContentRequest: { model: 'models/other', contents: [] },
    });
  });

  it.each([
    { contents: [{ parts: [{ fileData: { fileUri: 'gs://b/f' } }] }] },
    { generateContentRequest: { cachedContent: 'cachedContents/a' } },
    { generate_content_request: { model: 'models/other' } },
    { generateContentRequest: { contents: { parts: { file_data: { file_uri: 'files/a' } } } } },
  ])('refuses what is not the caller’s: %j', (body) => {
    expect(read(body)).toMatchObject({ accepted: false, refusal: { status: 400 } });
  });

  it('reads an answer without a bill', () => {
    expect(countTokens.isBilled).toBe(false);
    expect(countTokens.readAnswer(Buffer.from('{"totalTokens":3}'))).toEqual({
      usage: undefined,
      isFailure: false,
    });
  });
});

describe('countInput', () => {
  const letters = (text: string) => text.length;
  it.each([
    [{ contents: [{ role: 'user', parts: [{ text: 'abc' }, { text: 'de' }] }] }, 5],
    [{ contents: { parts: { text: 'abc' } }, system_instruction: { parts: { text: 'x' } } }, 4],
    [
      {
        contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'A'.repeat(9000) } }] }],
      },
      258,
    ],
    [
      {
        contents: [
          { parts: [{ inline_data: { mime_type: 'audio/mp3', data: 'A'.repeat(7000) } }] },
        ],
      },
      10,
    ],
    [{ contents: [{ parts: [{ fileData: { fileUri: 'https://example.com/a' } }] }] }, 258],
    [{ contents: [{ parts: [{ text: 'a', thoughtSignature: 'AAAA' }] }] }, 1],
    [{ contents: [], tools: [1] }, 3],
    [{ contents: [], generationConfig: { responseSchema: { a: 1 } } }, 7],
  ])('counts %j', (body, expected) => {
    expect(countInput(JSON.stringify(body), letters)).toBe(expected);
  });

  it('counts what is no JSON as text', () => {
    expect(countInput('{"cont', letters)).toBe(6);
  });
});
