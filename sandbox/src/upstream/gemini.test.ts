import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await fetch(address('/scenario'), { method: 'DELETE' });
  await fetch(address('/calls'), { method: 'DELETE' });
});

const address = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/upstream${path}`;

interface Asked {
  model?: string;
  method?: string;
  key?: string | null;
  fields?: object;
}

function ask(
  text: string,
  { model = 'gemini-2.5-flash', method = 'generateContent', key, fields }: Asked = {},
) {
  return fetch(address(`/gemini/v1beta/models/${model}:${method}`), {
    method: 'POST',
    headers: key === null ? {} : { 'x-goog-api-key': key ?? sandbox.upstreamKey },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }], ...fields }),
  });
}
const answerOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).json();
const bent = (words: string) => `hello [[sandbox: ${words}]]`;

async function eventsOf(answer: Response) {
  let text = '';
  let isBroken = false;
  const decoder = new TextDecoder();
  try {
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  } catch {
    isBroken = true;
  }
  const events = text.split('\r\n\r\n').filter((event) => event !== '');
  return { isBroken, chunks: events.map((event) => JSON.parse(event.slice('data: '.length))) };
}
const stream = async (text: string, asked: Asked = {}) =>
  eventsOf(await ask(text, { ...asked, method: 'streamGenerateContent?alt=sse' }));
// biome-ignore lint/suspicious/noExplicitAny: answers are read as Google's callers read them.
const textOf = (chunk: any): string =>
  chunk.candidates[0].content.parts.map((part: { text?: string }) => part.text ?? '').join('');

describe('generateContent', () => {
  test('answers with usage', async () => {
    const answer = await answerOf('hello!!!');
    expect(answer).toMatchObject({
      candidates: [{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }],
      modelVersion: 'gemini-2.5-flash',
      responseId: expect.stringMatching(/^gem-/),
      usageMetadata: { promptTokenCount: 2 },
    });
    const tokens = Math.ceil(Buffer.byteLength(textOf(answer)) / 4);
    expect(answer.usageMetadata.candidatesTokenCount).toBe(tokens);
  });

  test('keeps thoughts beside the answer and the cached part inside the prompt', async () => {
    const words = bent('tokens=5, reasoning=7, cached=3');
    const { usageMetadata } = await answerOf(words);
    expect(usageMetadata).toMatchObject({
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
      cachedContentTokenCount: 3,
      totalTokenCount: usageMetadata.promptTokenCount + 12,
    });
    const config = { generationConfig: { thinkingConfig: { includeThoughts: true } } };
    const shown = await answerOf(words, { fields: config });
    expect(shown.candidates[0].content.parts[0]).toMatchObject({ thought: true });
  });

  test('claims the usage it is told to', async () => {
    const claimed = await answerOf(bent('usage=1000/500/200, reasoning=100'));
    expect(claimed.usageMetadata).toMatchObject({
      ...{ promptTokenCount: 1000, candidatesTokenCount: 400, thoughtsTokenCount: 100 },
      cachedContentTokenCount: 200,
    });
    expect((await answerOf(bent('no_usage'))).usageMetadata).toBeUndefined();
    expect((await answerOf(bent('zero_usage'))).usageMetadata.promptTokenCount).toBe(0);
  });

  test('is served as it was asked to be', async () => {
    const { usageMetadata } = await answerOf('hello', { fields: { service_tier: 'flex' } });
    expect(usageMetadata.serviceTier).toBe('flex');
  });

  test('ends at its limit, thoughts included', async () => {
    const fields = { generation_config: { max_output_tokens: 10 } };
    const answer = await answerOf(bent('tokens=50, reasoning=8'), { fields });
    expect(answer.candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(answer.usageMetadata).toMatchObject({ candidatesTokenCount: 2, thoughtsTokenCount: 8 });
  });

  test('calls a function on a word or when it must, and speaks once it has its answer', async () => {
    const parameters = { type: 'OBJECT', properties: { city: { type: 'STRING' } } };
    const tools = [{ functionDeclarations: [{ name: 'weather', parameters }] }];
    const functionCall = { name: 'weather', args: { city: 'example' } };
    const called = await answerOf(bent('call'), { fields: { tools } });
    expect(called.candidates[0].content.parts).toEqual([{ functionCall }]);
    const toolConfig = { functionCallingConfig: { mode: 'ANY' } };
    const forced = await answerOf('hello', { fields: { tools, toolConfig } });
    expect(forced.candidates[0].content.parts).toEqual([{ functionCall }]);
    const contents = [
      { role: 'user', parts: [{ text: bent('call') }] },
      { role: 'model', parts: [{ functionCall }] },
      { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { sun: true } } }] },
    ];
    expect(textOf(await answerOf('', { fields: { contents, tools } }))).not.toBe('');
  });

  test('answers in JSON as a schema says', async () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: { names: { type: 'ARRAY', items: { type: 'STRING' } }, age: { type: 'INTEGER' } },
    };
    const generationConfig = { responseMimeType: 'application/json', responseSchema };
    const answer = await answerOf('hello', { fields: { generationConfig } });
    expect(JSON.parse(textOf(answer))).toEqual({ names: ['example'], age: 1 });
  });

  test('counts images, and searches where it may', async () => {
    const parts = [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }, { text: 'hello' }];
    const seen = await answerOf('', { fields: { contents: [{ parts }] } });
    expect(seen.usageMetadata.promptTokenCount).toBe(258 + 2);
    expect(seen.usageMetadata.promptTokensDetails).toContainEqual({
      modality: 'IMAGE',
      tokenCount: 258,
    });
    const searched = await answerOf(bent('searches=2'), {
      fields: { tools: [{ googleSearch: {} }] },
    });
    expect(searched.candidates[0].groundingMetadata.webSearchQueries).toHaveLength(2);
    expect((await answerOf(bent('searches=2'))).candidates[0].groundingMetadata).toBeUndefined();
  });

  test.each([
    ['an unknown model', { model: 'no-such-model' }, 404, 'NOT_FOUND'],
    ['a wrong key', { key: 'wrong' }, 400, 'INVALID_ARGUMENT'],
    ['no key', { key: null }, 403, 'PERMISSION_DENIED'],
    ['an unknown field', { fields: { messages: [] } }, 400, 'INVALID_ARGUMENT'],
    ['no contents', { fields: { contents: [] } }, 400, 'INVALID_ARGUMENT'],
    [
      'too many answers',
      { fields: { generationConfig: { candidateCount: 9 } } },
      400,
      'INVALID_ARGUMENT',
    ],
    ['a scenario', { model: 'gemini-2.5-flash+status=429' }, 429, 'RESOURCE_EXHAUSTED'],
    ['a word it does not know', { model: 'gemini-2.5-flash+sing' }, 400, 'INVALID_ARGUMENT'],
    ['a method that is none', { method: 'embedContent' }, 404, 'NOT_FOUND'],
  ])('refuses %s', async (_, asked, code, status) => {
    const answer = await ask('hello', asked);
    expect(answer.status).toBe(code);
    expect(await answer.json()).toMatchObject({ error: { code, status } });
  });
});

describe('streamGenerateContent', () => {
  test('sends a token an event, with usage in each and the reason in the last', async () => {
    const { chunks } = await stream(bent('tokens=3'));
    expect(chunks).toHaveLength(5);
    expect(chunks.map((chunk) => chunk.usageMetadata.candidatesTokenCount)).toEqual([
      0, 1, 2, 3, 3,
    ]);
    expect(chunks.map((chunk) => chunk.candidates[0].finishReason)).toEqual([...Array(4), 'STOP']);
    expect(new Set(chunks.map((chunk) => chunk.responseId)).size).toBe(1);
  });

  test('says the same as at once, in a list without alt=sse', async () => {
    const whole = textOf(await answerOf('hello'));
    expect((await stream('hello')).chunks.map(textOf).join('')).toBe(whole);
    const list = await answerOf('hello', { method: 'streamGenerateContent' });
    expect(list.map(textOf).join('')).toBe(whole);
  });

  test('breaks, or ends with an error, after so many tokens', async () => {
    expect(await stream(bent('tokens=9, break_after=4'))).toMatchObject({
      isBroken: true,
      chunks: { length: 5 },
    });
    const failed = await stream(bent('tokens=9, error_event_after=2'));
    expect(failed.chunks.at(-1)).toMatchObject({ error: { code: 500, status: 'INTERNAL' } });
    const log = await (await fetch(address('/calls'))).json();
    expect(log.data.map((call: object) => call)).toMatchObject([
      { dialect: 'gemini', outcome: 'broken', tokens_sent: 2 },
      { dialect: 'gemini', outcome: 'broken', tokens_sent: 4 },
    ]);
  });

  test('streams a call of a function', async () => {
    const tools = [{ functionDeclarations: [{ name: 'now' }] }];
    const { chunks } = await stream(bent('call'), { fields: { tools } });
    expect(chunks[1].candidates[0].content.parts).toEqual([
      { functionCall: { name: 'now', args: {} } },
    ]);
  });
});

describe('the rest', () => {
  test('counts tokens of contents, or of a whole call', async () => {
    expect(await answerOf('hello!!!', { method: 'countTokens' })).toMatchObject({ totalTokens: 2 });
    const generateContentRequest = {
      contents: [{ parts: [{ text: 'hello!!!' }] }],
      systemInstruction: { parts: [{ text: '1234' }] },
    };
    const fields = { generateContentRequest, contents: undefined };
    expect(await answerOf('', { method: 'countTokens', fields })).toMatchObject({ totalTokens: 3 });
  });

  test('lists models, and one', async () => {
    const get = async (path: string) =>
      fetch(address(`/gemini/v1beta/models${path}`), {
        headers: { 'x-goog-api-key': sandbox.upstreamKey },
      });
    expect((await (await get('')).json()).models[0].name).toBe('models/gemini-2.5-flash');
    expect((await (await get('/gemini-2.5-pro')).json()).outputTokenLimit).toBe(65_536);
    expect((await get('/none')).status).toBe(404);
  });
});
