/** What is easy to get wrong between two dialects. */
import { describe, expect, it } from 'vitest';
import type { CallRequest, Dialect } from '../dialect.ts';
import { conversionBetween } from './testkit.ts';

type Body = Record<string, unknown>;

function converted(from: Dialect, to: Dialect, body: Body | string, model = 'm') {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const request = { isStream: false } as CallRequest;
  const answer = conversionBetween(from, to).convertRequest(bytes, request, model, 64_000);
  if (!answer.accepted) throw new Error(`${answer.refusal.param}: ${answer.refusal.message}`);
  return answer.body.toString();
}
const read = (from: Dialect, to: Dialect, body: Body | string, model?: string) =>
  JSON.parse(converted(from, to, body, model));

const user = (content: unknown) => ({ role: 'user', content });
const toolCall = (id: string, text = '{}') => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: text },
});

describe('convertRequest', () => {
  it('keeps every digit of a number in the arguments of a tool', () => {
    const id = '12345678901234567890';
    const body = {
      messages: [
        user('a'),
        { role: 'assistant', tool_calls: [toolCall('c', `{"id":${id},"rate":0.1}`)] },
        { role: 'tool', tool_call_id: 'c', content: 'ok' },
      ],
    };
    expect(converted('openai', 'anthropic', body)).toContain(`"input":{"id":${id},"rate":0.1}`);
    const back = `{"max_tokens":5,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"id":${id}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c"}]}]}`;
    expect(converted('anthropic', 'openai', back)).toContain(`"arguments":"{\\"id\\":${id}}"`);
  });

  it('takes no text for no arguments', () => {
    const messages = [
      user('a'),
      { role: 'assistant', tool_calls: [toolCall('c', '')] },
      { role: 'tool', tool_call_id: 'c', content: '' },
    ];
    const { messages: written } = read('openai', 'anthropic', { messages });
    expect(written[1].content[0].input).toEqual({});
    expect(written[2].content[0]).toEqual({ type: 'tool_result', tool_use_id: 'c' });
  });

  it('renames ids that the other vendor does not take, the same way in the result', () => {
    const id = 'functions.f:0';
    const messages = [
      user('a'),
      { role: 'assistant', tool_calls: [toolCall(id)] },
      { role: 'tool', tool_call_id: id, content: 'ok' },
    ];
    const { messages: written } = read('openai', 'anthropic', { messages });
    const renamed = written[1].content[0].id;
    expect(renamed).toMatch(/^[\w-]+$/);
    expect(written[2].content[0].tool_use_id).toBe(renamed);
  });

  it('makes ids from positions for Gemini, the same in every later request, and finds results by name and order', () => {
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const result = (name: string, output: string) => ({
      functionResponse: { name, response: { output } },
    });
    const contents = [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [call('f'), call('g'), call('f')] },
      { role: 'function', parts: [result('g', '2'), result('f', '1'), result('f', '3')] },
    ];
    const { messages } = read('gemini', 'openai', { contents });
    const ids = messages[1].tool_calls.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(3);
    const answers = messages
      .slice(2)
      .map((message: Body) => [message.tool_call_id, message.content]);
    expect(answers).toEqual([
      [ids[1], '2'],
      [ids[0], '1'],
      [ids[2], '3'],
    ]);
    const later = read('gemini', 'openai', {
      contents: [
        ...contents,
        { role: 'model', parts: [{ text: 'b' }] },
        { parts: [{ text: 'c' }] },
      ],
    });
    expect(later.messages.slice(0, 5)).toEqual(messages);
  });

  it('takes any object as the result of a function, and "error" for an error', () => {
    const contents = [
      { parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'g' } }] },
      {
        parts: [
          { functionResponse: { name: 'f', response: { celsius: 12 } } },
          { functionResponse: { name: 'g', response: { error: 'no' } } },
        ],
      },
    ];
    const { messages } = read('gemini', 'anthropic', { contents });
    expect(messages[2].content).toMatchObject([
      { content: [{ text: '{"celsius":12}' }] },
      { content: [{ text: 'no' }], is_error: true },
    ]);
  });

  it('joins turns of one side where sides have to alternate', () => {
    const messages = [user('a'), user('b'), { role: 'assistant', content: 'c' }, user('d')];
    const { messages: claude } = read('openai', 'anthropic', { messages });
    expect(claude.map(({ role }: Body) => role)).toEqual(['user', 'assistant', 'user']);
    expect(claude[0].content).toHaveLength(2);
    expect(read('openai', 'gemini', { messages }).contents).toHaveLength(3);
  });

  it('leaves out text that says nothing, which Claude would refuse', () => {
    const messages = [
      user([
        { type: 'text', text: '' },
        { type: 'text', text: 'a' },
      ]),
    ];
    const { messages: written } = read('openai', 'anthropic', { messages });
    expect(written).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }] }]);
  });

  it('takes developers for the system, and several of its messages', () => {
    const messages = [
      { role: 'system', content: 'a' },
      { role: 'developer', content: 'b' },
      user('c'),
    ];
    const { system } = read('openai', 'anthropic', { messages });
    expect(system.map(({ text }: Body) => text)).toEqual(['a', 'b']);
  });

  it('tells OpenAI in the middle of a conversation what Claude was told there', () => {
    const messages = [
      user('a'),
      { role: 'assistant', content: 'b' },
      { role: 'system', content: 'c' },
      user('d'),
    ];
    const written = read('anthropic', 'openai', { max_tokens: 5, messages });
    expect(written.messages[2]).toEqual({ role: 'system', content: 'c' });
  });

  it('carries marks of a cache to Claude, and reads them from callers of the OpenAI dialect', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const messages = [user([{ type: 'text', text: 'a', cache_control }])];
    const { messages: written } = read('openai', 'anthropic', { messages });
    expect(written[0].content[0].cache_control).toEqual(cache_control);
  });

  it('reads the schemas of Gemini that are no JSON schema', () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: {
        size: { type: 'INTEGER', nullable: true, minimum: 1 },
        names: {
          type: 'ARRAY',
          items: { type: 'STRING', format: 'enum', enum: ['a'] },
          minItems: '1',
        },
      },
      required: ['size'],
      propertyOrdering: ['size', 'names'],
    };
    const generationConfig = { responseMimeType: 'application/json', responseSchema };
    const body = { contents: [{ parts: [{ text: 'a' }] }], generationConfig };
    const { schema } = read('gemini', 'anthropic', body).output_config.format;
    expect(schema).toEqual({
      type: 'object',
      properties: {
        size: { type: ['integer', 'null'], minimum: 1 },
        names: { type: 'array', items: { type: 'string', enum: ['a'] }, minItems: 1 },
      },
      required: ['size'],
      additionalProperties: false,
    });
  });

  it.each<[string, string, Body]>([
    ['claude-sonnet-4-5', 'low', { type: 'enabled', budget_tokens: 1024 }],
    ['claude-sonnet-4-5-20250929', 'high', { type: 'enabled', budget_tokens: 24_576 }],
    ['claude-3-7-sonnet-latest', 'max', { type: 'enabled', budget_tokens: 32_768 }],
    ['claude-opus-4-1', 'none', { type: 'disabled' }],
    ['claude-opus-4-7', 'high', { type: 'adaptive' }],
    ['claude-fable-5', 'high', { type: 'adaptive' }],
  ])('asks %s to think %s', (model, reasoning_effort, thinking) => {
    const body = { messages: [user('a')], reasoning_effort };
    expect(read('openai', 'anthropic', body, model).thinking).toEqual(thinking);
  });

  it.each<[string, Body, Body]>([
    [
      'gemini-2.5-flash',
      { type: 'enabled', budget_tokens: 5000 },
      { thinkingBudget: 5000, includeThoughts: true },
    ],
    ['gemini-2.5-pro', { type: 'adaptive', display: 'omitted' }, { thinkingBudget: -1 }],
    ['gemini-2.5-flash', { type: 'disabled' }, { thinkingBudget: 0 }],
    [
      'gemini-3-pro',
      { type: 'enabled', budget_tokens: 20_000 },
      { thinkingLevel: 'HIGH', includeThoughts: true },
    ],
  ])('asks %s to think like Claude', (model, thinking, thinkingConfig) => {
    const body = { max_tokens: 30_000, messages: [user('a')], thinking };
    const { generationConfig } = read('anthropic', 'gemini', body, model);
    expect(generationConfig.thinkingConfig).toEqual(thinkingConfig);
  });

  it.each([
    [1024, 'low'],
    [8192, 'medium'],
    [24_576, 'high'],
  ])('asks OpenAI for a budget of %i in a word', (budget_tokens, effort) => {
    const body = {
      max_tokens: 30_000,
      messages: [user('a')],
      thinking: { type: 'enabled', budget_tokens },
    };
    expect(read('anthropic', 'openai', body).reasoning_effort).toBe(effort);
  });

  it('brings seals back to the vendor that made them, and to no other', () => {
    const own = { type: 'thinking', thinking: 'Hm.', signature: 'claudes' };
    const geminis = { type: 'thinking', thinking: '', signature: 'gemini:c2ln' };
    const call = { type: 'tool_use', id: 'c', name: 'f', input: {} };
    const turns = (block: Body) => ({
      max_tokens: 5,
      messages: [
        user('a'),
        { role: 'assistant', content: [block, call] },
        user([{ type: 'tool_result', tool_use_id: 'c', content: 'ok' }]),
      ],
    });
    const partOf = (block: Body) => read('anthropic', 'gemini', turns(block)).contents[1].parts;
    expect(partOf(geminis)).toEqual([
      { functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 'c2ln' },
    ]);
    expect(partOf(own)).toEqual([{ functionCall: { id: 'c', name: 'f', args: {} } }]);
  });

  it('leaves a seal on the call that it came with, and on no other', () => {
    const parts = [
      { functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' },
      { functionCall: { name: 'g', args: {} } },
    ];
    const chunk = JSON.stringify({ candidates: [{ content: { parts } }] });
    const call = { requestId: 'req_1', model: 'm', createdAtSeconds: 0, wantsUsage: true };
    const conversion = conversionBetween('openai', 'gemini');
    const streamed = conversion.openStream(call).push(Buffer.from(`data: ${chunk}\n\n`));
    const whole = conversion.convertAnswer(Buffer.from(chunk), call);
    for (const said of [streamed, whole]) {
      expect(said?.toString().match(/thought_signature/g)).toHaveLength(1);
    }
  });

  it('says of a call that Gemini could not write that the answer was cut short', () => {
    const candidates = [{ finishReason: 'MALFORMED_FUNCTION_CALL' }];
    const answer = Buffer.from(JSON.stringify({ candidates }));
    const call = { requestId: 'req_1', model: 'm', createdAtSeconds: 0, wantsUsage: true };
    const reasonAt = (from: Dialect) =>
      conversionBetween(from, 'gemini').convertAnswer(answer, call).toString();
    expect(reasonAt('openai')).toContain('"finish_reason":"content_filter"');
    expect(reasonAt('anthropic')).toContain('"stop_reason":"refusal"');
  });

  it('brings thoughts of Claude back through the SDKs of Google, whose base64 is of two kinds', () => {
    const answer = {
      content: [
        { type: 'thinking', thinking: 'Hm?>', signature: 'si/g+' },
        { type: 'tool_use', id: 'c', name: 'f', input: {} },
      ],
    };
    const conversion = conversionBetween('gemini', 'anthropic');
    const call = { requestId: 'req_1', model: 'm', createdAtSeconds: 0, wantsUsage: true };
    const said = conversion.convertAnswer(Buffer.from(JSON.stringify(answer)), call);
    const { content } = JSON.parse(said.toString()).candidates[0];
    const sealed = content.parts.find((part: Body) => part.functionCall);
    sealed.thoughtSignature = Buffer.from(sealed.thoughtSignature, 'base64').toString('base64url');
    const result = { functionResponse: { name: 'f', response: { output: '1' } } };
    const contents = [{ parts: [{ text: 'a' }] }, content, { parts: [result] }];
    const { messages } = read('gemini', 'anthropic', { contents });
    expect(messages[1].content).toEqual(answer.content);
  });
});
