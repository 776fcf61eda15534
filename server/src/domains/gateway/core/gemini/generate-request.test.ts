import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { splice } from '../splice.ts';
import { contextTokensMax, imageTokensMax } from './content.ts';
import { readGenerateRequest } from './generate-request.ts';
import { foundTokensMax } from './tools.ts';

const address = { model: 'gemini-2.5-flash', headers: {} };
const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
const readText = (text: string, more: object = {}) =>
  readGenerateRequest(Buffer.from(text), { ...address, ...more });
const read = (fields: object, more: object = {}) =>
  readText(JSON.stringify({ contents, ...fields }), more);
const readParts = (...parts: unknown[]) => read({ contents: [{ role: 'user', parts }] });

function requestOf(decision: ReturnType<typeof read>) {
  if (!decision.accepted) throw new Error(decision.refusal.message);
  return decision.request;
}
function refusalOf(decision: ReturnType<typeof read>) {
  return decision.accepted ? undefined : decision.refusal;
}

describe('readGenerateRequest', () => {
  it('takes the model and whether it streams from the address', () => {
    const request = requestOf(read({}, { isStream: true }));
    expect(request).toMatchObject({
      model: 'gemini-2.5-flash',
      isStream: true,
      wantsUsage: true,
      maxOutputTokens: undefined,
      choices: 1,
      extraInputTokens: 0,
      uses: {},
      serviceTier: undefined,
    });
    expect(request.target('gemini-3/flash').path).toBe(
      '/v1beta/models/gemini-3%2Fflash:streamGenerateContent?alt=sse',
    );
    expect(requestOf(read({})).target('m')).toEqual({
      path: '/v1beta/models/m:generateContent',
      edits: [],
      headers: {},
    });
  });

  it.each([
    ['camel case', { generationConfig: { maxOutputTokens: 7, candidateCount: 2 } }],
    ['snake case', { generation_config: { max_output_tokens: 7, candidate_count: 2 } }],
  ])('reads limits in %s', (_, fields) => {
    expect(requestOf(read(fields))).toMatchObject({ maxOutputTokens: 7, choices: 2 });
  });

  it('forwards what has no price of its own', () => {
    const decision = read({
      systemInstruction: { parts: { text: 'Be brief.' } },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
      tools: [{ functionDeclarations: [{ name: 'weather' }] }, { function_declarations: [] }],
      labels: { team: 'a' },
      generationConfig: {
        ...{ temperature: 0.2, seed: 3, responseMimeType: 'application/json' },
        responseSchema: { type: 'OBJECT', properties: { serviceTier: { type: 'STRING' } } },
        thinkingConfig: { thinkingBudget: 128, includeThoughts: true },
        responseModalities: ['TEXT'],
      },
    });
    expect(requestOf(decision)).toMatchObject({ uses: {}, extraInputTokens: 0 });
  });

  it('takes a single content and a single part, as Google does', () => {
    expect(read({ contents: { parts: { text: 'Hello' } } }).accepted).toBe(true);
    const image = { parts: { inlineData: { mimeType: 'image/png', data: 'AAAA' } } };
    expect(requestOf(read({ contents: image })).extraInputTokens).toBe(imageTokensMax - 4);
  });

  it.each([
    ['both spellings', '"generationConfig":{},"generation_config":{}'],
    ['one twice', '"tools":[],"tools":[]'],
    ['a limit twice', '"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}'],
    ['a limit twice as written', '"generationConfig":{"maxOutputTokens":1,"maxOutputTokens":9}'],
    ['escaped', '"tools":[],"\\u0074ools":[]'],
  ])('refuses a field given twice: %s', (_, fields) => {
    expect(refusalOf(readText(`{"contents":[],${fields}}`))?.code).toBe('duplicate_parameter');
  });

  it.each([
    '"Contents":[]',
    '"generationconfig":{}',
    '"generationConfig":{"MaxOutputTokens":1}',
    '"generationConfig":{"max_outputTokens":1}',
    '"toolſ":[]',
    '"cached_Content":"x"',
  ])('refuses a spelling that only some parsers would read: %s', (fields) => {
    expect(refusalOf(readText(`{"contents":[],${fields}}`))?.code).toBe('unknown_parameter');
  });

  it.each([
    ['cachedContent', { cachedContent: 'cachedContents/abc' }],
    ['cachedContent', { cached_content: 'cachedContents/abc' }],
    ['continuationToken', { continuationToken: 'AAAA' }],
    ['modelArmorConfig', { modelArmorConfig: {} }],
    ['generationConfig.speechConfig', { generationConfig: { speechConfig: {} } }],
    ['generationConfig.imageConfig', { generationConfig: { image_config: {} } }],
    ['generationConfig.routingConfig', { generationConfig: { routingConfig: {} } }],
    [
      'generationConfig.responseModalities',
      { generationConfig: { responseModalities: ['AUDIO'] } },
    ],
    ['generationConfig.responseModalities', { generationConfig: { responseModalities: 'IMAGE' } }],
    ['generationConfig.responseModalities', { generationConfig: { responseModalities: [1, 2] } }],
    ['generationConfig.responseFormat', { generationConfig: { responseFormat: [{ image: {} }] } }],
    ['serviceTier', { serviceTier: 'turbo' }],
    ['tools', { tools: [{ codeExecution: {} }] }],
    ['tools', { tools: [{ functionDeclarations: [] }, { url_context: {} }] }],
    ['tools', { tools: { computerUse: {} } }],
    ['tools', { tools: [{ fileSearch: {} }] }],
    ['tools', { tools: [{ googleMaps: {} }] }],
    ['tools', { tools: [{ googleSearch: { searchTypes: { imageSearch: {} } } }] }],
  ])('refuses by name what has no price or belongs to an account: %s', (param, fields) => {
    expect(refusalOf(read(fields))).toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param,
    });
  });

  it.each([
    { maxOutputTokens: 0 },
    { maxOutputTokens: -1 },
    { maxOutputTokens: 1.5 },
    { maxOutputTokens: '100' },
    { candidateCount: 9 },
  ])('refuses a limit out of range: %j', (generationConfig) => {
    expect(refusalOf(read({ generationConfig }))?.code).toBe('integer_out_of_range');
  });

  it.each(['', 'null', '[]', '{', '{"contents":[]', '{"contents":}', '\u0000'])(
    'refuses a body that is no object: %j',
    (text) => expect(refusalOf(readText(text))?.code).toBe('invalid_json'),
  );

  it('needs contents and a model', () => {
    expect(refusalOf(readText('{}'))?.param).toBe('contents');
    expect(refusalOf(readText('{"contents":"hi"}'))?.param).toBe('contents');
    expect(refusalOf(read({}, { model: undefined }))?.param).toBe('model');
    expect(refusalOf(read({}, { model: 'm'.repeat(201) }))?.param).toBe('model');
    expect(refusalOf(read({ generationConfig: [] }))?.param).toBe('generationConfig');
  });

  it('lets the body name the same model again, and renames it with the address', () => {
    expect(refusalOf(read({ model: 'models/gemini-3-pro' }))?.param).toBe('model');
    const request = requestOf(readText('{"model":"models/gemini-2.5-flash","contents":[]}'));
    const body = Buffer.from('{"model":"models/gemini-2.5-flash","contents":[]}');
    expect(splice(body, request.target('other').edits).toString()).toBe(
      '{"model":"models/other","contents":[]}',
    );
  });

  it.each([
    ['flex', 'flex'],
    ['SERVICE_TIER_PRIORITY', 'priority'],
    ['standard', undefined],
    ['unspecified', undefined],
    [null, undefined],
  ])('reads the service tier %s', (serviceTier, expected) => {
    expect(requestOf(read({ serviceTier })).serviceTier).toBe(expected);
  });

  it('takes a search where a call of it is billed once, and bounds it', () => {
    for (const tool of [
      { googleSearch: {} },
      { google_search: {} },
      { googleSearchRetrieval: {} },
    ]) {
      expect(requestOf(read({ tools: [tool] }))).toMatchObject({
        uses: { search: 1 },
        extraInputTokens: foundTokensMax,
      });
    }
    const refusal = refusalOf(read({ tools: [{ googleSearch: {} }] }, { model: 'gemini-3-pro' }));
    expect(refusal).toMatchObject({ code: 'unsupported_parameter', param: 'tools' });
  });

  it('hints at the same account for what begins alike', () => {
    const hint = (fields: object) => requestOf(read(fields)).affinity;
    const systemInstruction = { parts: [{ text: 'Be brief.' }] };
    const other = [{ parts: [{ text: 'Something else' }] }];
    expect(hint({ systemInstruction })).toBe(hint({ systemInstruction, contents: other }));
    expect(hint({})).not.toBe(hint({ contents: other }));
    expect(hint({})).not.toBe(hint({ systemInstruction }));
  });
});

describe('media', () => {
  const inline = (mimeType: string, data: string) => ({ inlineData: { mimeType, data } });

  it.each([
    ['an image', [inline('image/png', 'AAAA')], imageTokensMax - 4],
    [
      'two, in snake case',
      Array(2).fill({ inline_data: { mime_type: 'image/jpeg', data: 'AA==' } }),
      2 * (imageTokensMax - 4),
    ],
    ['audio', [inline('audio/mp3', 'AAAAAAAA')], contextTokensMax - 8],
    [
      'a document and a film',
      [inline('application/pdf', 'AAAA'), inline('video/mp4', 'AAAA')],
      contextTokensMax - 8,
    ],
    ['text', [inline('text/plain', 'SGVsbG8=')], 0],
    ['a public file', [{ fileData: { fileUri: 'https://example.com/a.pdf' } }], contextTokensMax],
    ['a film on YouTube', [{ file_data: { file_uri: 'https://youtu.be/abc' } }], contextTokensMax],
    [
      'what a function answers',
      [{ functionResponse: { name: 'f', response: {}, parts: [inline('image/png', 'AAAA')] } }],
      imageTokensMax - 4,
    ],
  ])('bounds %s', (_, parts, expected) => {
    expect(requestOf(readParts(...parts)).extraInputTokens).toBe(expected);
  });

  it.each([
    { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } },
    { fileData: { fileUri: 'https://GENERATIVELANGUAGE.googleapis.com./v1beta/files/abc' } },
    { fileData: { fileUri: 'gs://bucket/file' } },
    { fileData: { fileUri: 'http://example.com/a.png' } },
    { fileData: { fileUri: 'files/abc' } },
    { fileData: {} },
    { toolCall: { toolType: 'GOOGLE_SEARCH' } },
    { inlineData: { mimeType: 'video/mp4', data: 'AA' }, mediaProcessing: 'AGENTIC' },
    { inlineData: { mimeType: 'image/png', data: 'AA' }, mediaResolution: { numTokens: 9 } },
    { hologram: {} },
  ])('refuses what cannot be bounded or reached: %j', (part) => {
    expect(refusalOf(readParts(part))).toMatchObject({
      code: 'unsupported_parameter',
      param: 'contents',
    });
  });

  it.each([
    { contents: [[{ parts: [] }]] },
    { contents: ['Hello'] },
    { contents: [], systemInstruction: [{ parts: [] }] },
    { contents: [{ parts: [[{ text: 'Hello' }]] }] },
    { contents: [{ parts: ['Hello'] }] },
    { contents: [{ parts: [{ functionResponse: [{ parts: [] }] }] }] },
    { contents: [{ parts: [{ inlineData: [] }] }] },
  ])('refuses what only a lenient parser would read: %j', (fields) => {
    expect(refusalOf(read(fields))).toMatchObject({ code: 'invalid_type', param: 'contents' });
  });

  it('refuses media in both spellings, or without a type', () => {
    const media = { mimeType: 'image/png', data: 'AA==' };
    expect(refusalOf(readParts({ inlineData: media, inline_data: media }))?.code).toBe(
      'duplicate_parameter',
    );
    expect(refusalOf(readParts({ inlineData: { data: 'AA==' } }))?.param).toBe('contents');
    expect(refusalOf(readParts({ inlineData: 'AA==' }))?.param).toBe('contents');
  });

  it('never bounds a call by less than its text', () => {
    const text = 'x'.repeat(1000);
    const body = Buffer.from(
      JSON.stringify({
        contents: [{ parts: [{ text }, inline('image/png', 'A'.repeat(99_999))] }],
      }),
    );
    const request = requestOf(readText(body.toString()));
    expect(body.length + request.extraInputTokens).toBeGreaterThan(1000 + imageTokensMax);
  });
});

const names = ['contents', 'parts', 'inlineData', 'inline_data', 'generationConfig', 'tools'];
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie('value'), { maxKeys: 4 }),
  ),
})).value;

for (const options of [{ seed: 7, numRuns: 300 }, { numRuns: 300 }]) {
  test.prop([tree, fc.boolean()], options)('reads any body without failing', (value, isStream) => {
    const decision = readText(JSON.stringify(value) ?? '', { isStream });
    if (!decision.accepted) {
      expect(decision.refusal.status).toBe(400);
      return;
    }
    const { extraInputTokens, choices } = decision.request;
    expect(JSON.stringify(value).length + extraInputTokens).toBeGreaterThan(0);
    expect(choices).toBeGreaterThanOrEqual(1);
    expect(decision.request.target('x').path).toContain('/v1beta/models/x:');
  });

  test.prop([fc.uint8Array({ maxLength: 200 })], options)(
    'reads any bytes without failing',
    (bytes) => {
      expect(readGenerateRequest(Buffer.from(bytes), address)).toHaveProperty('accepted');
    },
  );
}
