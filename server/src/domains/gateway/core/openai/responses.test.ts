import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { splice } from '../splice.ts';
import { imageTokensMax } from './chat-content.ts';
import { responses } from './responses.ts';

const address = { headers: {} };
const read = (body: object | string) => {
  const text =
    typeof body === 'string' ? body : JSON.stringify({ model: 'm', input: 'x', ...body });
  return responses.readRequest(Buffer.from(text), address);
};

describe('a request of responses', () => {
  it('takes what decides the price', () => {
    const body = { max_output_tokens: 50, stream: true, service_tier: 'flex', user: 'ann' };
    expect(read(body)).toMatchObject({
      accepted: true,
      request: {
        ...{ model: 'm', isStream: true, maxOutputTokens: 50, choices: 1, extraInputTokens: 0 },
        ...{ serviceTier: 'flex', affinity: 'ann' },
      },
    });
  });

  it.each([
    ['previous_response_id', 'resp_1'],
    ['conversation', { id: 'conv_1' }],
    ['background', true],
    ['prompt', { id: 'pmpt_1' }],
    ['store', true],
    ['tools', [{ type: 'web_search' }]],
    ['tools', [{ type: 'file_search', vector_store_ids: ['vs_1'] }]],
    ['tools', [{ type: 'code_interpreter' }]],
    ['tools', [{ type: 'mcp', server_url: 'https://example.com' }]],
    ['tools', [{ type: 'namespace', name: 'n', tools: [{ type: 'web_search' }] }]],
    ['input', [{ type: 'item_reference', id: 'msg_1' }]],
    ['input', [{ role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] }]],
    ['input', [{ role: 'user', content: [{ type: 'input_image', file_id: 'file_1' }] }]],
    ['input', [{ role: 'user', content: [{ type: 'input_audio' }] }]],
    ['input', { role: 'user' }],
    ['max_output_tokens', 0],
    ['max_output_tokens', 1.5],
    ['stream', 'yes'],
    ['service_tier', 'scale'],
    ['models', ['other']],
  ])('refuses %s as %j, naming the field', (param, value) => {
    expect(read({ [param]: value })).toMatchObject({
      accepted: false,
      refusal: { status: 400, param },
    });
  });

  it.each([
    { tools: [{ type: 'function', name: 'f', parameters: {} }] },
    { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] }] },
    { store: false, background: false, previous_response_id: null },
    { input: [{ role: 'user', content: 'hello' }] },
    { input: [{ type: 'function_call_output', call_id: 'c', output: 'sunny' }] },
    { input: [{ type: 'reasoning', summary: [], encrypted_content: 'x' }] },
    { reasoning: { effort: 'low' }, text: { format: { type: 'text' } } },
  ])('accepts %j', (body) => {
    expect(read(body)).toMatchObject({ accepted: true });
  });

  it('holds the most that an image may cost', () => {
    const image = { type: 'input_image', image_url: 'https://example.com/a.png' };
    const decision = read({ input: [{ role: 'user', content: [image, image] }] });
    expect(decision).toMatchObject({ request: { extraInputTokens: 2 * imageTokensMax } });
  });

  it.each([
    ['{"model":"m","input":"x"}', '{"store":false,"model":"up","input":"x"}'],
    ['{ "store" : null,"input":"x","model":"m"}', '{ "store" : false,"input":"x","model":"up"}'],
    ['{"model":"m","input":"x","store":false}', '{"model":"up","input":"x","store":false}'],
  ])('has nothing stored: %s', (sent, forwarded) => {
    const decision = read(sent);
    if (!decision.accepted) throw new Error(decision.refusal.message);
    const { path, edits } = decision.request.target('up');
    expect(path).toBe('/responses');
    expect(splice(Buffer.from(sent), edits).toString()).toBe(forwarded);
  });

  it.each(['model', 'input', 'store', 'max_output_tokens', 'previous_response_id'])(
    'refuses "%s" given twice',
    (name) => {
      expect(read(`{"${name}":null,"${name}":null}`)).toMatchObject({
        refusal: { code: 'duplicate_parameter' },
      });
    },
  );

  test.prop([fc.uint8Array({ maxLength: 100 }), fc.nat(40)])(
    'is decided about whatever its bytes, without a throw',
    (bytes, at) => {
      const body = Buffer.from('{"model":"m","input":[{"role":"user","content":[]}]}');
      const damaged = Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]);
      expect(typeof responses.readRequest(damaged, address).accepted).toBe('boolean');
    },
  );
});

const event = (type: string, rest: object = {}) =>
  Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
const usage = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens: 9,
  output_tokens_details: { reasoning_tokens: 4 },
};
const billed = {
  ...{ inputTokens: 20, cachedInputTokens: 5, outputTokens: 9, reasoningTokens: 4 },
  ...{ cacheWriteTokens: 0, estimated: false },
};

describe('a stream of responses', () => {
  it('ends with the event that carries the usage', () => {
    const stream = responses.openStream({ wantsUsage: true });
    const kinds = [
      event('response.created', { response: { error: null, usage: null } }),
      event('response.output_text.delta', { delta: 'He says "response.completed".' }),
      Buffer.from(': ping\n\n'),
      event('response.completed', { response: { usage, service_tier: 'flex' } }),
    ].map((each) => stream.read(each));
    expect(kinds).toEqual(['silent', 'output', 'silent', 'end']);
    expect(stream.usage).toEqual({ ...billed, serviceTier: 'flex' });
    expect(stream).toMatchObject({ isUsageFinal: true, isWhole: true });
  });

  it.each([
    ['response.incomplete', 'end', true],
    ['response.failed', 'error', false],
  ])('reads the usage of %s', (type, kind, isWhole) => {
    const stream = responses.openStream({ wantsUsage: true });
    expect(stream.read(event(type, { response: { usage } }))).toBe(kind);
    expect(stream.usage).toEqual(billed);
    expect(stream.isWhole).toBe(isWhole);
  });

  it('reads events that name themselves in their data only, and with carriage returns', () => {
    const stream = responses.openStream({ wantsUsage: true });
    const data = (value: object) => Buffer.from(`data: ${JSON.stringify(value)}\r\n\r\n`);
    expect(stream.read(data({ type: 'response.output_text.delta', delta: 'x' }))).toBe('output');
    expect(stream.read(data({ error: { message: 'overloaded' } }))).toBe('error');
    const ended = Buffer.from('event: response.completed\r\ndata: {"response":{}}\r\n\r\n');
    expect(stream.read(ended)).toBe('end');
    expect(stream.usage).toBeUndefined();
  });

  it('tells what was delivered', () => {
    const said = (value: object) => responses.readDelivered(JSON.stringify(value));
    const delta = { type: 'response.output_text.delta', delta: 'Hi' };
    expect(said(delta)).toEqual({ text: 'Hi', isFinished: false });
    const whole = { type: 'response.output_text.done', text: 'Hi' };
    expect(said(whole)).toEqual({ text: '', isFinished: false });
    const call = { type: 'function_call', name: 'look_up', status: 'in_progress' };
    expect(said({ type: 'response.output_item.added', item: call }).text).toBe('look_up');
    expect(said({ type: 'response.completed' }).isFinished).toBe(true);
    expect(responses.readDelivered('[DONE]')).toEqual({ text: '', isFinished: false });
  });
});

describe('a whole response', () => {
  const output = [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'a' }] },
    { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'b' }] },
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'c', arguments: 'd' },
  ];

  it('says what it used, and what the model wrote', () => {
    const body = JSON.stringify({ status: 'completed', error: null, output, usage });
    expect(responses.readAnswer(Buffer.from(body))).toEqual({ usage: billed, isFailure: false });
    expect(responses.answerText(body)).toBe('abcd');
  });

  it.each([{ status: 'failed' }, { error: { code: 'server_error' } }])(
    'is a failure where it says so: %j',
    (said) => {
      expect(responses.readAnswer(Buffer.from(JSON.stringify(said))).isFailure).toBe(true);
    },
  );

  it('counts its input without a report', () => {
    const count = (text: string) => text.length;
    const body = { instructions: 'abc', input: [{ role: 'user', content: 'de' }] };
    expect(responses.countInput(JSON.stringify(body), count)).toBe('abcdeuser'.length);
    expect(responses.countInput('no json', count)).toBe(7);
  });
});
