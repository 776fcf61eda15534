import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readGeminiAnswer } from './answer.ts';
import { readUsage } from './usage.ts';

const plain = {
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  reasoningTokens: 0,
  estimated: false,
};

describe('readUsage', () => {
  it.each([
    ['a plain call', { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 }, plain],
    [
      'thoughts are beside the candidates',
      { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 7 },
      { ...plain, outputTokens: 12, reasoningTokens: 7 },
    ],
    [
      'the cached part is inside the prompt',
      { promptTokenCount: 10, candidatesTokenCount: 5, cachedContentTokenCount: 8 },
      { ...plain, cachedInputTokens: 8 },
    ],
    [
      'what tools gave to read is beside the prompt',
      { promptTokenCount: 10, candidatesTokenCount: 5, toolUsePromptTokenCount: 90 },
      { ...plain, inputTokens: 100 },
    ],
    [
      'a prompt without candidates has no output',
      { promptTokenCount: 10, totalTokenCount: 10 },
      { ...plain, outputTokens: 0 },
    ],
    [
      'zero is a report',
      { promptTokenCount: 0, candidatesTokenCount: 0 },
      { ...plain, inputTokens: 0, outputTokens: 0 },
    ],
    [
      'parts by modality',
      {
        promptTokenCount: 100,
        candidatesTokenCount: 50,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 10 },
          { modality: 'AUDIO', tokenCount: 30 },
          { modality: 'IMAGE', tokenCount: 60 },
        ],
        candidatesTokensDetails: [
          { modality: 'AUDIO', tokenCount: 20 },
          { modality: 'IMAGE', tokenCount: 25 },
        ],
      },
      {
        ...plain,
        ...{ inputTokens: 100, outputTokens: 50, audioInputTokens: 30, imageInputTokens: 60 },
        ...{ audioOutputTokens: 20, imageOutputTokens: 25 },
      },
    ],
    [
      'what was cached of a modality is not fresh',
      {
        ...{ promptTokenCount: 100, candidatesTokenCount: 5, cachedContentTokenCount: 80 },
        promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 90 }],
        cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 75 }],
      },
      { ...plain, inputTokens: 100, cachedInputTokens: 80, audioInputTokens: 15 },
    ],
    [
      'a tier that was served',
      { promptTokenCount: 10, candidatesTokenCount: 5, serviceTier: 'flex' },
      { ...plain, serviceTier: 'flex' },
    ],
    [
      'a tier of the enterprise platform',
      { promptTokenCount: 10, candidatesTokenCount: 5, trafficType: 'ON_DEMAND_PRIORITY' },
      { ...plain, serviceTier: 'priority' },
    ],
    [
      'the usual tier',
      {
        promptTokenCount: 10,
        candidatesTokenCount: 5,
        serviceTier: 'standard',
        trafficType: 'ON_DEMAND',
      },
      plain,
    ],
    [
      'more cached than there was is all of it',
      { promptTokenCount: 10, candidatesTokenCount: 5, cachedContentTokenCount: 99 },
      { ...plain, cachedInputTokens: 10 },
    ],
  ])('%s', (_, reported, expected) => {
    expect(readUsage(reported)).toEqual(expected);
  });

  it.each([
    undefined,
    null,
    'none',
    [],
    {},
    { candidatesTokenCount: 5 },
    { promptTokenCount: -1 },
    { promptTokenCount: 1.5, candidatesTokenCount: 1 },
    { promptTokenCount: '10', candidatesTokenCount: 1 },
    { promptTokenCount: 1, candidatesTokenCount: 100_000_001 },
    { promptTokenCount: 1, thoughtsTokenCount: -1 },
    { promptTokenCount: 1, toolUsePromptTokenCount: Number.NaN },
  ])('takes no bill from a broken report: %j', (reported) => {
    expect(readUsage(reported)).toBeUndefined();
  });

  const count = fc.oneof(fc.nat(200), fc.integer(), fc.double(), fc.constant(undefined));
  const details = fc.array(
    fc.record({ modality: fc.constantFrom('TEXT', 'AUDIO', 'IMAGE'), tokenCount: count }),
    { maxLength: 4 },
  );
  test.prop([
    fc.record({
      ...{ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count },
      ...{ cachedContentTokenCount: count, toolUsePromptTokenCount: count },
      ...{ promptTokensDetails: details, candidatesTokensDetails: details },
      cacheTokensDetails: details,
    }),
  ])('keeps every part within its whole', (reported) => {
    const usage = readUsage(reported);
    if (usage === undefined) return;
    const fresh = usage.inputTokens - usage.cachedInputTokens;
    expect((usage.audioInputTokens ?? 0) + (usage.imageInputTokens ?? 0)).toBeLessThanOrEqual(
      fresh,
    );
    expect(usage.reasoningTokens).toBeLessThanOrEqual(usage.outputTokens);
    expect(
      (usage.audioOutputTokens ?? 0) + (usage.imageOutputTokens ?? 0) + usage.reasoningTokens,
    ).toBeLessThanOrEqual(usage.outputTokens);
    for (const value of Object.values(usage))
      if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
  });
});

describe('readGeminiAnswer', () => {
  const read = (answer: object) => readGeminiAnswer(Buffer.from(JSON.stringify(answer)));
  const candidate = { content: { parts: [{ text: 'Hi' }], role: 'model' }, finishReason: 'STOP' };
  const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5 };

  it('reads the usage of an answer', () => {
    expect(read({ candidates: [candidate], usageMetadata })).toEqual({
      usage: plain,
      isFailure: false,
    });
  });

  it('bills a blocked prompt for its input alone', () => {
    const blocked = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 10 },
    };
    expect(read(blocked)).toEqual({ usage: { ...plain, outputTokens: 0 }, isFailure: false });
  });

  it('tells an error under status 200', () => {
    expect(read({ error: { code: 503, status: 'UNAVAILABLE' } })).toEqual({
      usage: undefined,
      isFailure: true,
    });
    expect(readGeminiAnswer(Buffer.from('{"cand'))).toEqual({ usage: undefined, isFailure: false });
  });

  it.each([
    ['gemini-2.5-flash', 1],
    ['gemini-3-pro-preview', 2],
  ])('counts the searches of %s as they are billed', (modelVersion, searches) => {
    const grounded = {
      ...candidate,
      groundingMetadata: { webSearchQueries: ['a', '', 'b', 'a'] },
    };
    expect(read({ candidates: [grounded], usageMetadata, modelVersion }).usage).toEqual({
      ...plain,
      searches,
    });
  });
});
