/** Google's own SDK, unchanged but for its address and key. */
import {
  ApiError,
  type CallableTool,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  ServiceTier,
  Type,
} from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Customer, done, newCustomer, newKey, until } from '../client.ts';
import type { ServerProcess } from '../server.ts';
import { failureOf, receiptFor, startCaller } from './caller.ts';

const model = 'gemini-2.5-flash';
let server: ServerProcess;
let operator: Client;
let customer: Customer;
let gemini: GoogleGenAI;

beforeAll(async () => {
  const caller = await startCaller('5');
  ({ server, operator, customer } = caller);
  gemini = sdk(caller.apiKey);
});
afterAll(() => server?.dispose());

function sdk(apiKey: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } });
}

/** A prompt that makes the sandbox's model behave as told. */
const saying = (scenario: string) => `Tell me a story. [[sandbox: ${scenario}]]`;
const generate = (contents: string, config: GenerateContentConfig = {}, client = gemini) =>
  client.models.generateContent({ model, contents, config });
const stream = (contents: string, config: GenerateContentConfig = {}) =>
  gemini.models.generateContentStream({ model, contents, config });
const requestIdOf = ({ sdkHttpResponse }: GenerateContentResponse) =>
  sdkHttpResponse?.headers?.['x-request-id'];
const receiptOf = (answer: GenerateContentResponse) => receiptFor(customer, requestIdOf(answer));

/** The error that a call ends with, and its body in Google's shape. */
async function refusalOf(call: Promise<unknown>) {
  const error = await failureOf(call);
  if (!(error instanceof ApiError)) return { error };
  const json = error.message.slice(error.message.indexOf('{'));
  return { error, status: error.status, ...JSON.parse(json).error };
}

/** What a receipt's usage costs at its prices, which are for a million tokens. */
function nanosOf(lines: [tokens: number, price: string][]): bigint {
  const nanos = (decimal: string) => {
    const [whole = '0', fraction = ''] = decimal.split('.');
    return BigInt(whole + fraction.padEnd(9, '0'));
  };
  const sum = lines.reduce((total, [tokens, price]) => total + BigInt(tokens) * nanos(price), 0n);
  return (2n * sum + 1_000_000n) / 2_000_000n;
}
const nanosIn = (amount: string) => nanosOf([[1_000_000, amount]]);

const weather = {
  name: 'weather',
  description: 'The weather of a city.',
  parameters: {
    type: Type.OBJECT,
    properties: { city: { type: Type.STRING } },
    required: ['city'],
  },
};

describe('@google/genai SDK', () => {
  it('lists models, and gets one', async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of await gemini.models.list()) names.push(name);
    expect(names).toContain(`models/${model}`);
    expect(await gemini.models.get({ model })).toMatchObject({ name: `models/${model}` });
    expect(await refusalOf(gemini.models.get({ model: 'none' }))).toMatchObject({
      status: 'NOT_FOUND',
      code: 404,
    });
  });

  it('generates, and the receipt is right to the nano-unit with thoughts and what was cached', async () => {
    const answer = await generate(saying('usage=1003/501/207, reasoning=101'));
    expect(answer.text).toBeTruthy();
    expect(answer.usageMetadata).toMatchObject({
      candidatesTokenCount: 400,
      thoughtsTokenCount: 101,
    });
    const receipt = await receiptOf(answer);
    expect(receipt).toMatchObject({
      model,
      outcome: 'completed',
      usage: {
        ...{ input_tokens: 1003, cached_input_tokens: 207 },
        ...{ output_tokens: 501, reasoning_tokens: 101, estimated: false },
      },
    });
    const { input, cached_input: cached, output, reasoning } = receipt.prices;
    const expected = nanosOf([
      [796, input],
      [207, cached ?? input],
      [400, output],
      [101, reasoning ?? output],
    ]);
    expect(nanosIn(receipt.amount)).toBe(expected);
  });

  it('streams, and the receipt says what the last chunk did', async () => {
    let text = '';
    let last: GenerateContentResponse | undefined;
    for await (const chunk of await stream(saying('tokens=12, reasoning=5'))) {
      text += chunk.text ?? '';
      last = chunk;
    }
    if (last === undefined) throw new Error('The stream was empty.');
    expect(text).not.toBe('');
    expect(last.candidates?.[0]?.finishReason).toBe('STOP');
    expect(last.usageMetadata).toMatchObject({ candidatesTokenCount: 12, thoughtsTokenCount: 5 });
    const receipt = await receiptOf(last);
    expect(receipt.usage).toMatchObject({
      input_tokens: last.usageMetadata?.promptTokenCount,
      output_tokens: 17,
      reasoning_tokens: 5,
      estimated: false,
    });
    expect(receipt.first_token_ms).toBeTypeOf('number');
  });

  it('calls functions, and goes on with what they answered', async () => {
    const tools = [{ functionDeclarations: [weather] }];
    const called = await generate(saying('call'), { tools });
    expect(called.functionCalls).toMatchObject([{ name: 'weather', args: { city: 'example' } }]);
    const answered = await gemini.models.generateContent({
      model,
      contents: [
        { role: 'user', parts: [{ text: 'How is it in Oslo?' }] },
        { role: 'model', parts: called.candidates?.[0]?.content?.parts ?? [] },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'weather', response: { output: 'sun' } } }],
        },
      ],
      config: { tools },
    });
    expect(answered.text).toBeTruthy();
  });

  it('runs functions by itself, and streams that they are called', async () => {
    const cities: unknown[] = [];
    const tool: CallableTool = {
      tool: async () => ({ functionDeclarations: [weather] }),
      async callTool(calls) {
        cities.push(...calls.map(({ args }) => args?.city));
        return [{ functionResponse: { name: 'weather', response: { output: 'sun' } } }];
      },
    };
    const answer = await generate(saying('call'), { tools: [tool] });
    expect(cities).toEqual(['example']);
    expect(answer.text).toBeTruthy();

    const names: unknown[] = [];
    const config = {
      tools: [{ functionDeclarations: [weather] }],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    };
    for await (const chunk of await stream('And tomorrow?', config)) {
      names.push(...(chunk.functionCalls ?? []).map(({ name }) => name));
    }
    expect(names).toEqual(['weather']);
  });

  it('sends images', async () => {
    const data = Buffer.from('not quite a picture').toString('base64');
    const answer = await gemini.models.generateContent({
      model,
      contents: [{ inlineData: { mimeType: 'image/png', data } }, 'What is this?'],
    });
    expect(answer.text).toBeTruthy();
    const receipt = await receiptOf(answer);
    expect(receipt.usage.input_tokens).toBeGreaterThan(258);
  });

  it('answers in JSON as a schema says', async () => {
    const properties = { name: { type: Type.STRING }, age: { type: Type.INTEGER } };
    const answer = await generate('Somebody.', {
      responseMimeType: 'application/json',
      responseSchema: { type: Type.OBJECT, properties },
    });
    expect(JSON.parse(answer.text ?? '')).toEqual({ name: 'example', age: 1 });
  });

  it('shows thoughts', async () => {
    const answer = await generate(saying('reasoning=30, tokens=5'), {
      systemInstruction: 'Think first.',
      thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
    });
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    expect(parts.some(({ thought }) => thought)).toBe(true);
    expect((await receiptOf(answer)).usage).toMatchObject({
      output_tokens: 35,
      reasoning_tokens: 30,
    });
  });

  it('searches where that has a price, and pays for the call once', async () => {
    const prices = { input: '0.30', output: '2.50' };
    const priced = (search?: string) =>
      done(
        operator.post('/api/v1/admin/models', {
          ...{ model, prices: { ...prices, ...(search && { search }) } },
          max_output_tokens: 65536,
        }),
      );
    const ask = () => generate(saying('searches=3, tokens=5'), { tools: [{ googleSearch: {} }] });
    await priced();
    expect(await refusalOf(ask())).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    await priced('0.035');
    const answer = await until(() => ask().catch(() => undefined));
    expect(answer.candidates?.[0]?.groundingMetadata?.webSearchQueries).toHaveLength(3);
    const receipt = await receiptOf(answer);
    expect(receipt.usage).toMatchObject({ output_tokens: 5, searches: 1 });
    const tokens = nanosOf([
      [receipt.usage.input_tokens, prices.input],
      [receipt.usage.output_tokens, prices.output],
    ]);
    expect(nanosIn(receipt.amount)).toBe(tokens + 35_000_000n);
  });

  it('is served as flex where that has a price', async () => {
    const prices = { input: '0.30', output: '2.50' };
    const flex = { input: '0.15', output: '1.25' };
    const ask = () => generate(saying('tokens=10'), { serviceTier: ServiceTier.FLEX });
    const priced = (service_tiers: object) =>
      done(
        operator.post('/api/v1/admin/models', {
          ...{ model, prices, service_tiers, max_output_tokens: 65536 },
        }),
      );
    await priced({});
    expect(await refusalOf(ask())).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    await priced({ flex });
    const answer = await until(() => ask().catch(() => undefined));
    const receipt = await receiptOf(answer);
    const lines: [number, string][] = [
      [receipt.usage.input_tokens, flex.input],
      [10, flex.output],
    ];
    expect(nanosIn(receipt.amount)).toBe(nanosOf(lines));
  });

  it('counts tokens without a bill', async () => {
    const spent = async () =>
      (await done(customer.client.get('/api/v1/billing/usage/events?limit=1'))).data[0]?.id;
    const before = await spent();
    const { totalTokens } = await gemini.models.countTokens({ model, contents: 'Hello there!' });
    expect(totalTokens).toBe(3);
    expect(await spent()).toBe(before);
  });

  it('chats', async () => {
    const chat = gemini.chats.create({ model, config: { maxOutputTokens: 20 } });
    const first = await chat.sendMessage({ message: 'Hello' });
    expect(first.text).toBeTruthy();
    let text = '';
    for await (const chunk of await chat.sendMessageStream({ message: 'Go on' })) {
      text += chunk.text ?? '';
    }
    expect(text).not.toBe('');
    const said = chat.getHistory().filter(({ role }) => role === 'user');
    expect(said.map(({ parts }) => parts?.[0]?.text)).toEqual(['Hello', 'Go on']);
  });

  it('throws the SDK’s typed errors, in Google’s words', async () => {
    expect(await refusalOf(generate('Hi', {}, sdk('sk-wrong')))).toMatchObject({
      ...{ code: 401, status: 'UNAUTHENTICATED' },
      error: expect.any(ApiError),
    });
    const unknown = gemini.models.generateContent({ model: 'no-price', contents: 'Hi' });
    expect(await refusalOf(unknown)).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(await refusalOf(generate('Hi', { maxOutputTokens: -1 }))).toMatchObject({
      ...{ code: 400, status: 'INVALID_ARGUMENT' },
      message: expect.stringContaining('maxOutputTokens'),
    });
    expect(await refusalOf(generate('Hi', { tools: [{ codeExecution: {} }] }))).toMatchObject({
      code: 400,
      message: expect.stringContaining('codeExecution'),
    });
    expect(await refusalOf(generate('Hi', { cachedContent: 'cachedContents/a' }))).toMatchObject({
      code: 400,
      message: expect.stringContaining('cachedContent'),
    });
  });

  it('is told that an upstream is busy or failed, and served again', async () => {
    expect(await refusalOf(generate(saying('status=429, retry_after=1')))).toMatchObject({
      ...{ code: 429, status: 'RESOURCE_EXHAUSTED' },
    });
    await until(async () => (await refusalOf(generate('Hi'))).error === undefined);
    expect(await refusalOf(generate(saying('status=500')))).toMatchObject({
      ...{ code: 502, status: 'UNAVAILABLE' },
    });
    await until(async () => (await refusalOf(generate('Hi'))).error === undefined);
  });

  it('is out of funds with 402 RESOURCE_EXHAUSTED', async () => {
    const poor = await newCustomer(server, 'poor');
    const client = sdk(await newKey(poor.client));
    const refused = await refusalOf(generate('Hi', {}, client));
    expect(refused).toMatchObject({ code: 402, status: 'RESOURCE_EXHAUSTED' });
    expect(refused.details).toContainEqual(
      expect.objectContaining({ reason: 'INSUFFICIENT_QUOTA' }),
    );
  });

  it('ends a stream that broke with an error, and bills what was delivered', async () => {
    let first: GenerateContentResponse | undefined;
    let text = '';
    const read = async () => {
      for await (const chunk of await stream(saying('tokens=50, break_after=10'))) {
        first ??= chunk;
        text += chunk.text ?? '';
      }
    };
    expect(await refusalOf(read())).toMatchObject({ code: 502, status: 'UNAVAILABLE' });
    if (first === undefined) throw new Error('Nothing was delivered.');
    expect(text).not.toBe('');
    const receipt = await receiptOf(first);
    expect(receipt).toMatchObject({ outcome: 'upstream_error' });
    expect(receipt.usage.output_tokens).toBeGreaterThan(0);
    expect(receipt.usage.output_tokens).toBeLessThan(50);
  });

  it('is billed for a stream that it aborts', async () => {
    const abort = new AbortController();
    let first: GenerateContentResponse | undefined;
    const read = async () => {
      const config = { abortSignal: abort.signal };
      for await (const chunk of await stream(saying('tokens=40, chunk_delay=10ms'), config)) {
        first ??= chunk;
        if (chunk.text) abort.abort();
      }
    };
    expect(await refusalOf(read())).toMatchObject({ error: { name: 'AbortError' } });
    if (first === undefined) throw new Error('Nothing was delivered.');
    const receipt = await receiptOf(first);
    expect(receipt).toMatchObject({ outcome: 'aborted' });
    expect(receipt.usage.output_tokens).toBeGreaterThan(0);
  });
});
