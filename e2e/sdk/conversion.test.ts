/** The vendors' own SDKs, each against the models of the other two: one key, whatever the program speaks. */
import Anthropic, { BadRequestError as AnthropicBadRequest } from '@anthropic-ai/sdk';
import { ApiError, type Content, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import OpenAI, { BadRequestError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Customer, done, type Json } from '../client.ts';
import type { ServerProcess } from '../server.ts';
import { failureOf, receiptFor, startCaller } from './caller.ts';

let server: ServerProcess;
let customer: Customer;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;

beforeAll(async () => {
  const caller = await startCaller('50');
  ({ server, customer } = caller);
  await leaveEachItsOwn(caller.operator);
  const { apiKey } = caller;
  openai = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey, baseURL: server.url, maxRetries: 0 });
  gemini = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } });
});
afterAll(() => server?.dispose());

/** The sandbox's channel of OpenAI's dialect serves every model; here it leaves those of the others to them. */
async function leaveEachItsOwn(operator: Client): Promise<void> {
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  const channel = data.find(({ dialect }: Json) => dialect === 'openai');
  const models = ['gpt-4o-mini'];
  await done(operator.patch(`/api/v1/admin/channels/${channel.id}`, { models }));
}

const question = 'How is it in Oslo?';
/** A question that makes the sandbox's model behave as told. */
const saying = (scenario: string) => `${question} [[sandbox: ${scenario}]]`;
/** Reported by the upstream, whatever was said. */
const used = 'usage=1003/501/207';

const receiptOf = (requestId: string | null | undefined) => receiptFor(customer, requestId);

const city = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const description = 'The weather of a city.';
/** As the sandbox's models make it up. */
const someCity = { city: expect.any(String) };

describe.each(['claude-sonnet-4-5', 'gemini-2.5-flash'])('openai SDK against %s', (model) => {
  const asking = (scenario: string) => [{ role: 'user' as const, content: saying(scenario) }];

  it('completes, and answer and receipt say the same usage', async () => {
    const completion = await openai.chat.completions.create({ model, messages: asking(used) });
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(completion.choices[0]?.message.content).toBeTruthy();
    expect(completion.usage).toMatchObject({
      prompt_tokens: 1003,
      completion_tokens: 501,
      prompt_tokens_details: { cached_tokens: 207 },
    });
    expect(await receiptOf(completion._request_id)).toMatchObject({
      model,
      outcome: 'completed',
      usage: { input_tokens: 1003, output_tokens: 501, cached_input_tokens: 207, estimated: false },
    });
  });

  it('streams', async () => {
    const { data, request_id } = await openai.chat.completions
      .create({
        ...{ model, messages: asking('tokens=12'), stream: true },
        stream_options: { include_usage: true },
      })
      .withResponse();
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).not.toBe('');
    expect(usage?.completion_tokens).toBe(12);
    const receipt = await receiptOf(request_id);
    expect(receipt.usage).toMatchObject({
      input_tokens: usage?.prompt_tokens,
      output_tokens: 12,
      estimated: false,
    });
  });

  it('calls a tool, and goes on with its result', async () => {
    const tools = [
      { type: 'function' as const, function: { name: 'weather', description, parameters: city } },
    ];
    const called = await openai.chat.completions.create({ model, messages: asking('call'), tools });
    const [choice] = called.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const [call] = choice?.message.tool_calls ?? [];
    if (choice === undefined || call?.type !== 'function') throw new Error('Nothing was called.');
    expect(call.function).toMatchObject({ name: 'weather' });
    expect(JSON.parse(call.function.arguments)).toEqual(someCity);

    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: question },
      choice.message,
      { role: 'tool', tool_call_id: call.id, content: 'sun' },
    ];
    const answered = await openai.chat.completions.create({ model, messages, tools });
    expect(answered.choices[0]?.message.content).toBeTruthy();

    const runner = openai.chat.completions.stream({ model, messages: asking('call'), tools });
    const streamed = await runner.finalChatCompletion();
    const [again] = streamed.choices[0]?.message.tool_calls ?? [];
    expect(again?.type === 'function' && JSON.parse(again.function.arguments)).toEqual(someCity);
  });

  it('runs tools by itself, streaming', async () => {
    const cities: unknown[] = [];
    const weather = {
      ...{ name: 'weather', description, parameters: city, parse: JSON.parse },
      function: (input: { city: string }) => {
        cities.push(input.city);
        return 'sun';
      },
    };
    const runner = openai.chat.completions.runTools({
      ...{ model, messages: asking('call'), stream: true },
      tools: [{ type: 'function', function: weather }],
    });
    expect(await runner.finalContent()).toBeTruthy();
    expect(cities.length).toBeGreaterThan(0);
  });

  it('names the field that it cannot carry', async () => {
    const error = await failureOf(
      openai.chat.completions.create({ model, messages: asking(''), logprobs: true }),
    );
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param: 'logprobs', code: 'unsupported_parameter' });
  });
});

describe("thoughts of Claude's, which it wants back while tools are used", () => {
  const model = 'claude-sonnet-4-5';

  it("come back through OpenAI's SDK", async () => {
    const fields = {
      ...{ model, max_tokens: 4000, reasoning_effort: 'low' as const },
      tools: [{ type: 'function' as const, function: { name: 'weather', parameters: city } }],
    };
    const asked = { role: 'user' as const, content: saying('call, reasoning=6') };
    const called = await openai.chat.completions.create({ ...fields, messages: [asked] });
    const message = called.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    if (message === undefined || call === undefined) throw new Error('Nothing was called.');
    expect(message).toHaveProperty('reasoning_content');
    const result = { role: 'tool' as const, tool_call_id: call.id, content: 'sun' };
    const messages = [{ ...asked, content: question }, message, result];
    const answered = await openai.chat.completions.create({ ...fields, messages });
    expect(answered.choices[0]?.message.content).toBeTruthy();

    const { extra_content: _, ...bare }: Json = call;
    const lost = [{ ...asked, content: question }, { ...message, tool_calls: [bare] }, result];
    const error = await failureOf(openai.chat.completions.create({ ...fields, messages: lost }));
    expect(error).toMatchObject({ status: 400, param: 'messages.1' });
  });

  it("come back through Google's SDK", async () => {
    const config = {
      maxOutputTokens: 4000,
      thinkingConfig: { thinkingBudget: 2000, includeThoughts: true },
      tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: city }] }],
    };
    const chat = gemini.chats.create({ model, config });
    const called = await chat.sendMessage({ message: saying('call, reasoning=6') });
    expect(called.functionCalls).toHaveLength(1);
    const functionResponse = { name: 'weather', response: { output: 'sun' } };
    const answered = await chat.sendMessage({ message: { functionResponse } });
    expect(answered.candidates?.[0]?.finishReason).toBe('STOP');
  });
});

describe.each(['gpt-4o-mini', 'gemini-2.5-flash'])('@anthropic-ai/sdk against %s', (model) => {
  const asking = (scenario: string, fields: object = {}) => ({
    ...{ model, max_tokens: 500, ...fields },
    messages: [{ role: 'user' as const, content: saying(scenario) }] as Anthropic.MessageParam[],
  });

  it('answers, and answer and receipt say the same usage', async () => {
    const { data: message, request_id } = await anthropic.messages
      .create(asking(used))
      .withResponse();
    expect(message).toMatchObject({ role: 'assistant', model, stop_reason: 'end_turn' });
    expect(message.content).toMatchObject([{ type: 'text' }]);
    expect(message.usage).toMatchObject({
      input_tokens: 796,
      cache_read_input_tokens: 207,
      output_tokens: 501,
    });
    expect(await receiptOf(request_id)).toMatchObject({
      model,
      usage: { input_tokens: 1003, output_tokens: 501, cached_input_tokens: 207, estimated: false },
    });
  });

  it('streams', async () => {
    const stream = anthropic.messages.stream(asking('tokens=12'));
    let text = '';
    stream.on('text', (piece) => {
      text += piece;
    });
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text }]);
    expect(text).not.toBe('');
    expect(message.usage.output_tokens).toBe(12);
    const receipt = await receiptOf(stream.request_id);
    expect(receipt.usage).toMatchObject({
      input_tokens: message.usage.input_tokens,
      output_tokens: 12,
      estimated: false,
    });
  });

  it('calls a tool, and goes on with its result', async () => {
    const tools = [{ name: 'weather', description, input_schema: city }];
    const asked = asking('call', { tools });
    const called = await anthropic.messages.create(asked);
    expect(called.stop_reason).toBe('tool_use');
    const use = called.content.find((block) => block.type === 'tool_use');
    if (use === undefined) throw new Error('Nothing was called.');
    expect(use).toMatchObject({ name: 'weather', input: someCity });

    const result = { type: 'tool_result' as const, tool_use_id: use.id, content: 'sun' };
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: question },
      { role: 'assistant', content: called.content as Anthropic.ContentBlockParam[] },
      { role: 'user', content: [result] },
    ];
    const answered = await anthropic.messages.create({ ...asked, messages });
    expect(answered.content).toMatchObject([{ type: 'text' }]);

    const streamed = await anthropic.messages.stream(asking('call', { tools })).finalMessage();
    expect(streamed.content.at(-1)).toMatchObject({ name: 'weather', input: someCity });
  });

  it('names the field that it cannot carry', async () => {
    const tools = [{ type: 'bash_20250124', name: 'bash' }];
    const error = await failureOf(anthropic.messages.create(asking('', { tools })));
    expect(error).toBeInstanceOf(AnthropicBadRequest);
    expect(error.message).toContain('tools.0');
  });
});

describe.each(['gpt-4o-mini', 'claude-sonnet-4-5'])('@google/genai SDK against %s', (model) => {
  const requestIdOf = ({ sdkHttpResponse }: GenerateContentResponse) =>
    sdkHttpResponse?.headers?.['x-request-id'];

  it('generates, and answer and receipt say the same usage', async () => {
    const answer = await gemini.models.generateContent({ model, contents: saying(used) });
    expect(answer.text).toBeTruthy();
    expect(answer.candidates?.[0]?.finishReason).toBe('STOP');
    expect(answer.usageMetadata).toMatchObject({
      promptTokenCount: 1003,
      cachedContentTokenCount: 207,
      candidatesTokenCount: 501,
    });
    expect(await receiptOf(requestIdOf(answer))).toMatchObject({
      model,
      usage: { input_tokens: 1003, output_tokens: 501, cached_input_tokens: 207, estimated: false },
    });
  });

  it('streams', async () => {
    let text = '';
    let last: GenerateContentResponse | undefined;
    const contents = saying('tokens=12');
    for await (const chunk of await gemini.models.generateContentStream({ model, contents })) {
      text += chunk.text ?? '';
      last = chunk;
    }
    if (last === undefined) throw new Error('The stream was empty.');
    expect(text).not.toBe('');
    expect(last.candidates?.[0]?.finishReason).toBe('STOP');
    expect(last.usageMetadata?.candidatesTokenCount).toBe(12);
    const receipt = await receiptOf(requestIdOf(last));
    expect(receipt.usage).toMatchObject({
      input_tokens: last.usageMetadata?.promptTokenCount,
      output_tokens: 12,
      estimated: false,
    });
  });

  it('calls a function, and goes on with its result', async () => {
    const config = {
      tools: [
        { functionDeclarations: [{ name: 'weather', description, parametersJsonSchema: city }] },
      ],
    };
    const asked = { model, contents: saying('call'), config };
    const called = await gemini.models.generateContent(asked);
    expect(called.functionCalls).toMatchObject([{ name: 'weather', args: someCity }]);
    const [candidate] = called.candidates ?? [];
    if (candidate?.content === undefined) throw new Error('Nothing was called.');

    const functionResponse = { name: 'weather', response: { output: 'sun' } };
    const contents: Content[] = [
      { role: 'user', parts: [{ text: question }] },
      candidate.content,
      { role: 'user', parts: [{ functionResponse }] },
    ];
    const answered = await gemini.models.generateContent({ model, contents, config });
    expect(answered.text).toBeTruthy();

    const names: unknown[] = [];
    for await (const chunk of await gemini.models.generateContentStream(asked)) {
      names.push(...(chunk.functionCalls ?? []).map(({ name }) => name));
    }
    expect(names).toEqual(['weather']);
  });

  it('names the field that it cannot carry', async () => {
    const config = { responseMimeType: 'text/x.enum' };
    const contents = saying('');
    const error = await failureOf(gemini.models.generateContent({ model, contents, config }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toContain('generationConfig.responseMimeType');
  });
});
