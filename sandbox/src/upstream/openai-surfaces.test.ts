import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});
afterAll(() => sandbox.close());

function post(path: string, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${sandbox.port}/sandbox/upstream/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.upstreamKey}` },
    body: JSON.stringify({ model: 'gpt-4o-mini', ...body }),
  });
}
const asked = async (path: string, body: object) =>
  (await (await post(path, body)).json()) as never;

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
};

describe('responses', () => {
  test('say what they used, in whole', async () => {
    const input = 'Hello [[sandbox: tokens=3, usage=20/3/5]]';
    expect(await asked('/responses', { input, store: false })).toMatchObject({
      object: 'response',
      status: 'completed',
      store: false,
      error: null,
      output: [{ type: 'message', content: [{ type: 'output_text' }] }],
      usage: {
        ...{ input_tokens: 20, output_tokens: 3, total_tokens: 23 },
        input_tokens_details: { cached_tokens: 5 },
      },
    });
  });

  test('are cut at the caller’s limit, and say so', async () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: '[[sandbox: tokens=9]]' }] },
    ];
    const answer = await asked('/responses', { input, max_output_tokens: 4 });
    expect(answer).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 4 },
    });
  });

  test('come as events, numbered, the last of which carries the usage', async () => {
    const input = 'Hello [[sandbox: tokens=3]]';
    const text = await (await post('/responses', { input, stream: true })).text();
    const events = [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(
      ([, name, data]) => [name, JSON.parse(data ?? '')] as const,
    );
    expect(events.map(([name]) => name)).toEqual([
      ...['response.created', 'response.in_progress', 'response.output_item.added'],
      'response.content_part.added',
      ...Array.from({ length: 3 }, () => 'response.output_text.delta'),
      ...['response.output_text.done', 'response.content_part.done', 'response.output_item.done'],
      'response.completed',
    ]);
    expect(events.map(([, data]) => data.sequence_number)).toEqual(events.map((_, at) => at));
    const [, last] = events.at(-1) ?? [];
    const said = events.map(([, data]) => data.delta ?? '').join('');
    expect(last.response).toMatchObject({ usage: { output_tokens: 3 } });
    expect(last.response.output[0].content[0].text).toBe(said);
  });

  test('call the first function when they are told to', async () => {
    const tools = [{ type: 'function', name: 'weather', parameters: schema }];
    const [item] = (
      (await asked('/responses', { input: '[[sandbox: call]]', tools })) as { output: never[] }
    ).output as { type: string; name: string; arguments: string }[];
    expect(item).toMatchObject({ type: 'function_call', name: 'weather' });
    expect(JSON.parse(item?.arguments ?? '')).toEqual({ city: 'example', days: 1 });
  });
});

describe('chat completions', () => {
  const messages = [{ role: 'user', content: 'What now? [[sandbox: call]]' }];
  const tools = [{ type: 'function', function: { name: 'weather', parameters: schema } }];

  test('call the first function, whole and as a stream', async () => {
    const whole = (await asked('/chat/completions', { messages, tools })) as {
      choices: { finish_reason: string; message: { tool_calls: { function: object }[] } }[];
    };
    const args = JSON.stringify({ city: 'example', days: 1 });
    expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
    const [called] = whole.choices[0]?.message.tool_calls ?? [];
    expect(called?.function).toEqual({ name: 'weather', arguments: args });
    const text = await (await post('/chat/completions', { messages, tools, stream: true })).text();
    const pieces = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => {
      const [call] = JSON.parse(data ?? '').choices[0].delta.tool_calls ?? [];
      return call?.function.arguments ?? '';
    });
    expect(pieces.join('')).toBe(args);
  });

  test('answer in JSON that fits the schema', async () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'trip', schema } };
    const body = { messages: [{ role: 'user', content: 'Where?' }], response_format };
    const { choices } = (await asked('/chat/completions', body)) as {
      choices: { message: { content: string } }[];
    };
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ city: 'example', days: 1 });
  });

  test('say how they were served', async () => {
    const body = { messages, service_tier: 'flex' };
    expect(await asked('/chat/completions', body)).toMatchObject({ service_tier: 'flex' });
  });
});

describe('embeddings', () => {
  test('are the same for the same text, of length one, in either format', async () => {
    type Answer = { data: { embedding: number[] & string }[]; usage: { prompt_tokens: number } };
    const body = { input: ['hello', 'hello', 'you'], dimensions: 8 };
    const plain = (await asked('/embeddings', body)) as Answer;
    const packed = (await asked('/embeddings', { ...body, encoding_format: 'base64' })) as Answer;
    const [one, same, other] = plain.data.map(({ embedding }) => embedding);
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(Math.hypot(...(one ?? []))).toBeCloseTo(1, 5);
    const bytes = Buffer.from(packed.data[0]?.embedding ?? '', 'base64');
    expect(bytes.readFloatLE(0)).toBeCloseTo(one?.[0] ?? 0, 6);
    expect(plain.usage.prompt_tokens).toBe(4);
  });

  test('refuse what is no input', async () => {
    expect((await post('/embeddings', { input: [] })).status).toBe(400);
  });
});
