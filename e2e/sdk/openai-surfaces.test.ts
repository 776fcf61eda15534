/** OpenAI's own SDK beyond words: responses, embeddings, functions, JSON, images, and models of other vendors. */
import OpenAI, { type APIError, BadRequestError, NotFoundError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../client.ts';
import type { ServerProcess } from '../server.ts';
import { failureOf, receiptFor, startCaller } from './caller.ts';

const model = 'gpt-4o-mini';
let server: ServerProcess;
let customer: Customer;
let openai: OpenAI;

beforeAll(async () => {
  const caller = await startCaller('20');
  ({ server, customer } = caller);
  const { apiKey } = caller;
  openai = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterAll(() => server?.dispose());

const told = (scenario: string) => `What now? [[sandbox: ${scenario}]]`;
const receiptOf = (requestId: string | null | undefined) => receiptFor(customer, requestId);

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const trip = { city: 'example', days: 1 };
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('responses', () => {
  it('are created, and the receipt says what they cost', async () => {
    const response = await openai.responses.create({ model, input: told('usage=1000/500/200') });
    expect(response.output_text).not.toBe('');
    expect(response).toMatchObject({ status: 'completed', store: false });
    const receipt = await receiptOf(response._request_id);
    expect(receipt).toMatchObject({
      model,
      outcome: 'completed',
      usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 500, estimated: false },
    });
  });

  it('stream, and end with the usage that is billed', async () => {
    const { data: stream, request_id: requestId } = await openai.responses
      .create({ model, input: told('tokens=12'), stream: true })
      .withResponse();
    let text = '';
    let last: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') last = event.response;
    }
    expect(last?.output_text ?? text).toContain(text.slice(0, 5));
    expect(last?.usage?.output_tokens).toBe(12);
    const receipt = await receiptOf(requestId);
    expect(receipt.usage).toMatchObject({ output_tokens: 12, estimated: false });
  });

  it('work through the SDK’s own stream helper and parser', async () => {
    const stream = openai.responses.stream({ model, input: told('tokens=5') });
    expect((await stream.finalResponse()).output_text).not.toBe('');
    const parsed = await openai.responses.parse({
      model,
      input: 'Where to?',
      text: { format: { type: 'json_schema', name: 'trip', schema, strict: true } },
    });
    expect(parsed.output_parsed).toEqual(trip);
  });

  it('call functions and take their results', async () => {
    const tools = [
      { type: 'function' as const, name: 'weather', parameters: schema, strict: true },
    ];
    const response = await openai.responses.create({ model, input: told('call'), tools });
    const [call] = response.output;
    if (call?.type !== 'function_call') throw new Error('a function is called');
    expect(JSON.parse(call.arguments)).toEqual(trip);
    const output = {
      type: 'function_call_output' as const,
      call_id: call.call_id,
      output: 'sunny',
    };
    const input = [{ role: 'user' as const, content: 'What now?' }, call, output];
    const answer = await openai.responses.create({ model, input, tools });
    expect(answer.output_text).not.toBe('');
  });

  it('are cut at their limit', async () => {
    const input = told('tokens=50');
    const response = await openai.responses.create({ model, input, max_output_tokens: 16 });
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 16 },
    });
  });

  it.each([
    [{ store: true }, 'store'],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ background: true }, 'background'],
    [{ tools: [{ type: 'web_search' as const }] }, 'tools'],
    [{ max_output_tokens: -1 }, 'max_output_tokens'],
  ])('are refused by name with %j', async (asked, param) => {
    const refused = await failureOf(openai.responses.create({ model, input: 'Hi', ...asked }));
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused).toMatchObject({ param });
    expect((refused as APIError).requestID).toMatch(/^req_/);
  });

  it('of a model that nobody offers are a typed error', async () => {
    const refused = await failureOf(openai.responses.create({ model: 'no-price', input: 'Hi' }));
    expect(refused).toBeInstanceOf(NotFoundError);
  });

  it('that break off throw what happened', async () => {
    const stream = await openai.responses.create({
      ...{ model, input: told('tokens=50, break_after=10'), stream: true },
    });
    const read = async () => {
      for await (const _ of stream as AsyncIterable<unknown>);
    };
    expect(await failureOf(read())).toMatchObject({ code: 'upstream_failed' });
  });
});

describe('embeddings', () => {
  it('come as numbers, whatever they travel as, and are billed for their input', async () => {
    const { data: answer, request_id: requestId } = await openai.embeddings
      .create({ model: 'text-embedding-3-small', input: ['hello', 'you'], dimensions: 64 })
      .withResponse();
    expect(answer.data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
    const receipt = await receiptOf(requestId);
    expect(receipt.usage).toMatchObject({ input_tokens: 2, output_tokens: 0, estimated: false });
  });
});

describe('chat completions', () => {
  const weather = { name: 'weather', parameters: schema, strict: true };
  const tools = [{ type: 'function' as const, function: weather }];

  it('call functions, whole and as a stream', async () => {
    const messages = [{ role: 'user' as const, content: told('call') }];
    const whole = await openai.chat.completions.create({ model, messages, tools });
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('a function is called');
    expect(JSON.parse(call.function.arguments)).toEqual(trip);
    const runner = openai.chat.completions.stream({ model, messages, tools });
    const streamed = await runner.finalFunctionToolCall();
    expect(JSON.parse(streamed?.arguments ?? '')).toEqual(trip);
  });

  it('are parsed by their schema', async () => {
    const completion = await openai.chat.completions.parse({
      model,
      messages: [{ role: 'user', content: 'Where to?' }],
      response_format: { type: 'json_schema', json_schema: { name: 'trip', schema, strict: true } },
    });
    expect(completion.choices[0]?.message.parsed).toEqual(trip);
  });

  it('see images', async () => {
    const { data, request_id: requestId } = await openai.chat.completions
      .create({
        model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: told('tokens=3') },
              { type: 'image_url', image_url: { url: pixel } },
            ],
          },
        ],
      })
      .withResponse();
    expect(data.usage?.prompt_tokens).toBeGreaterThan(85);
    const receipt = await receiptOf(requestId);
    expect(receipt.usage.input_tokens).toBe(data.usage?.prompt_tokens);
  });
});

describe.each(['claude-sonnet-4-5', 'gemini-2.5-flash'])('chat completions of %s', (other) => {
  const messages = [{ role: 'user' as const, content: told('usage=1000/500') }];

  it('are answered by the model’s own vendor, and billed by its report', async () => {
    const completion = await openai.chat.completions.create({ model: other, messages });
    expect(completion).toMatchObject({ object: 'chat.completion', model: other });
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(completion.choices[0]?.message.content).not.toBe('');
    const receipt = await receiptOf(completion._request_id);
    expect(receipt).toMatchObject({
      model: other,
      usage: { input_tokens: 1000, output_tokens: 500, estimated: false },
    });
    expect(completion.usage).toMatchObject({ prompt_tokens: 1000, completion_tokens: 500 });
  });

  it('stream', async () => {
    const { data: stream, request_id: requestId } = await openai.chat.completions
      .create({
        ...{ model: other, messages: [{ role: 'user', content: told('tokens=20') }] },
        ...{ stream: true, stream_options: { include_usage: true } },
      })
      .withResponse();
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(text).not.toBe('');
    expect(finish).toBe('stop');
    const receipt = await receiptOf(requestId);
    expect(receipt.usage).toMatchObject({
      ...{ output_tokens: usage?.completion_tokens, input_tokens: usage?.prompt_tokens },
      estimated: false,
    });
  });

  it('call functions', async () => {
    const weather = { name: 'weather', parameters: schema };
    const tools = [{ type: 'function' as const, function: weather }];
    const completion = await openai.chat.completions.create({
      ...{ model: other, tools, messages: [{ role: 'user', content: told('call') }] },
    });
    const [call] = completion.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('a function is called');
    expect(call.function.name).toBe('weather');
    expect(JSON.parse(call.function.arguments)).toHaveProperty('city');
  });

  it('are refused by name where they ask for what cannot be carried over', async () => {
    const refused = await failureOf(
      openai.chat.completions.create({ model: other, messages, logit_bias: { 50256: -100 } }),
    );
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused).toMatchObject({ param: 'logit_bias' });
  });

  it('end with an error where the vendor breaks off, and are billed for what was delivered', async () => {
    const { data: stream, request_id: requestId } = await openai.chat.completions
      .create({
        ...{ model: other, stream: true },
        messages: [{ role: 'user', content: told('tokens=50, break_after=10') }],
      })
      .withResponse();
    const read = async () => {
      for await (const _ of stream as AsyncIterable<unknown>);
    };
    expect(await failureOf(read())).toMatchObject({ code: 'upstream_failed' });
    const receipt = await receiptOf(requestId);
    expect(receipt).toMatchObject({ outcome: 'upstream_error' });
    expect(receipt.usage.output_tokens).toBeGreaterThan(0);
  });
});
