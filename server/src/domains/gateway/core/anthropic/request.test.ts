import { describe, expect, it } from 'vitest';
import type { CallAddress, CallDecision } from '../dialect.ts';
import { splice } from '../splice.ts';
import { contextTokensMax, imageTokensMax } from './content.ts';
import { countTokens, messages } from './index.ts';
import { describedTokensMax, toolsTokensMax } from './tools.ts';

type Headers = CallAddress['headers'];
const hello = [{ role: 'user', content: 'Hello' }];
const usual = { model: 'claude-sonnet-4-5', max_tokens: 1024, messages: hello };
const readBytes = (body: string, headers: Headers = {}) =>
  messages.readRequest(Buffer.from(body), { headers });
const read = (fields: object, headers?: Headers) =>
  readBytes(JSON.stringify({ ...usual, ...fields }), headers);
const blocks = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const tool = (fields: object) => ({ tools: [fields] });

function accepted(decision: CallDecision) {
  if (!decision.accepted) throw new Error(decision.refusal.message);
  return decision.request;
}
const refusedParam = (decision: CallDecision) =>
  decision.accepted ? undefined : (decision.refusal.param ?? decision.refusal.code);

const data = 'iVBORw0KGgo=';
const base64 = { type: 'base64', media_type: 'image/png', data };
const pdf = { type: 'base64', media_type: 'application/pdf', data };
const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 5 };

describe('readMessagesRequest', () => {
  it('takes what decides the price', () => {
    const request = accepted(read({ stream: true }));
    expect(request).toMatchObject({
      model: 'claude-sonnet-4-5',
      isStream: true,
      maxOutputTokens: 1024,
      extraOutputTokens: 0,
      choices: 1,
      extraInputTokens: 0,
      uses: {},
      serviceTier: undefined,
    });
  });

  it('sends the caller’s bytes on, with the channel’s name of the model', () => {
    const body = JSON.stringify({ ...usual, temperature: 0.5 });
    const request = accepted(readBytes(body));
    expect(request.target('claude-sonnet-4-5')).toMatchObject({ path: '/v1/messages', edits: [] });
    const { edits } = request.target('my "alias"');
    expect(JSON.parse(splice(Buffer.from(body), edits).toString())).toEqual({
      ...usual,
      model: 'my "alias"',
      temperature: 0.5,
    });
  });

  it('sends version and betas on, and nothing else', () => {
    const headersOf = (headers: Headers) => accepted(read({}, headers)).target('m').headers;
    expect(headersOf({})).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(
      headersOf({
        'anthropic-version': '2026-10-21',
        'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
        'anthropic-user-profile-id': 'uprof_1',
        cookie: 'a=b',
      }),
    ).toEqual({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
    });
    expect(headersOf({ 'anthropic-beta': ['a-2025-01-01', 'b-2025-01-01'] })).toMatchObject({
      'anthropic-beta': 'a-2025-01-01,b-2025-01-01',
    });
  });

  it.each([
    { 'anthropic-version': 'latest' },
    { 'anthropic-beta': 'fast-mode-2026-02-01' },
    { 'anthropic-beta': 'context-1m-2025-08-07, Fast-Mode-2026-02-01' },
    { 'anthropic-beta': 'a;b' },
    { 'anthropic-beta': 'a'.repeat(3000) },
  ])('refuses the header %j', (headers) => {
    expect(refusedParam(read({}, headers))).toBe(Object.keys(headers)[0]);
  });

  it.each([
    [
      'system texts',
      {
        system: [
          { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      },
    ],
    ['a system text', { system: 'Be brief.' }],
    ['no limit at all', { max_tokens: 0 }],
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ['fields it does not know', { top_k: 5, output_config: { effort: 'low' } }],
    ['the usual values', { service_tier: 'standard_only', speed: 'standard', inference_geo: null }],
    [
      'edits that take away',
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
    ],
    ['no servers', { mcp_servers: [] }],
    [
      'a conversation with tools',
      blocks(
        { type: 'tool_use', id: 't', name: 'x', input: { type: 'anything' } },
        { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: '1' }] },
      ),
    ],
    [
      'thoughts',
      blocks(
        { type: 'thinking', thinking: 'Hm', signature: 'x' },
        { type: 'redacted_thinking', data: 'x' },
      ),
    ],
    ['a text about types', blocks({ type: 'text', text: '{"type":"image"} \u00e9' })],
    [
      'a plain document',
      blocks({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A' } }),
    ],
  ])('takes %s for the bytes they have', (_, fields) => {
    expect(accepted(read(fields))).toMatchObject({ extraInputTokens: 0, uses: {} });
  });

  it.each([
    ['an image', { type: 'image', source: base64 }, imageTokensMax],
    [
      'an image by address',
      { type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } },
      imageTokensMax,
    ],
    [
      'an image that a tool made',
      { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: base64 }] },
      imageTokensMax,
    ],
    [
      'an image in a document',
      {
        type: 'document',
        source: { type: 'content', content: [{ type: 'image', source: base64 }] },
      },
      imageTokensMax,
    ],
    ['a PDF', { type: 'document', source: pdf }, contextTokensMax],
    [
      'a PDF by address',
      { type: 'document', source: { type: 'url', url: 'https://e.com/a.pdf' } },
      contextTokensMax,
    ],
  ])('bounds %s', (_, block, tokens) => {
    const { extraInputTokens } = accepted(read(blocks(block)));
    const carried = JSON.stringify(block).includes(data) ? data.length : 0;
    expect(extraInputTokens).toBe(tokens - carried);
  });

  it.each([
    [
      'its own tool',
      tool({
        name: 'get',
        input_schema: { type: 'object', properties: { type: { type: ['string', 'null'] } } },
      }),
      0,
    ],
    [
      'a custom tool',
      tool({ type: 'custom', name: 'get', input_schema: { type: 'object', enum: ['"type":"x"'] } }),
      0,
    ],
    ['a shell of its own', tool({ type: 'bash_20250124', name: 'bash' }), 1],
    [
      'an editor of its own',
      tool({ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }),
      1,
    ],
    ['a computer of its own', tool({ type: 'computer_20251124', name: 'computer' }), 1],
    ['a memory of its own', tool({ type: 'memory_20250818', name: 'memory' }), 1],
  ])('takes %s, and bounds what is told about it', (_, fields, described) => {
    expect(accepted(read(fields))).toMatchObject({
      extraInputTokens: toolsTokensMax + described * describedTokensMax,
      uses: {},
    });
  });

  it('bounds all of them together by the largest context', () => {
    const image = { type: 'image', source: base64 };
    expect(accepted(read(blocks(image, image))).extraInputTokens).toBe(
      2 * (imageTokensMax - data.length),
    );
    const many = Array.from({ length: 300 }, () => image);
    expect(accepted(read(blocks(...many))).extraInputTokens).toBe(
      contextTokensMax - 300 * data.length,
    );
  });

  it('says how often the web may be searched, and what that may bring in', () => {
    const once = accepted(read(tool({ ...search, max_uses: 1 })));
    const often = accepted(read(tool(search)));
    expect(often.uses).toEqual({ search: 5 });
    expect(often.extraInputTokens).toBeGreaterThan(5 * once.extraInputTokens);
    const later = { ...search, type: 'web_search_20260318' };
    expect(refusedParam(read(tool(later)))).toBe('tools');
    expect(accepted(read(tool({ ...later, allowed_callers: ['direct'] }))).uses).toEqual({
      search: 5,
    });
  });

  it.each([
    ['a search without a bound', tool({ ...search, max_uses: undefined })],
    ['a search with half a bound', tool({ ...search, max_uses: 1.5 })],
    ['a search without an end', tool({ ...search, max_uses: 1e9 })],
    ['a fetch', tool({ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 1 })],
    [
      'code that the vendor runs',
      tool({ type: 'code_execution_20250825', name: 'code_execution' }),
    ],
    ['a search for tools', tool({ type: 'tool_search_tool_bm25', name: 'tool_search_tool_bm25' })],
    ['an advisor', tool({ type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-4-5' })],
    ['tools of a server', tool({ type: 'mcp_toolset', mcp_server_name: 'x' })],
    ['a tool of no kind', tool({ type: 5 })],
    ['no tool', { tools: ['x', { type: 5 }] }],
    ['tools that are no list', { tools: {} }],
  ])('refuses %s', (_, fields) => {
    expect(refusedParam(read(fields))).toBe('tools');
  });

  it.each([
    ['a file', { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    ['a picture file', { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
    ['an upload', { type: 'container_upload', file_id: 'file_1' }],
    ['results of code', { type: 'code_execution_tool_result', tool_use_id: 't', content: {} }],
    ['a tool in the middle', { type: 'tool_addition', tool: {} }],
    ['another model’s turn', { type: 'fallback' }],
  ])('refuses %s in a conversation', (_, block) => {
    expect(refusedParam(read(blocks(block)))).toBe('messages');
  });

  it.each([
    ['service_tier', 'priority'],
    ['speed', 'fast'],
    ['inference_geo', 'us'],
    ['container', 'container_1'],
    ['mcp_servers', [{ type: 'url', url: 'https://e.com', name: 'x' }]],
    ['fallbacks', 'default'],
    ['fallback_credit_token', 't'],
    ['billing_policy', { type: 'billing_policy', bill_to: 'user_profile' }],
    ['thread', { type: 'create' }],
    ['compaction', { type: 'summarize' }],
    ['context_management', { edits: [{ type: 'compact_20260112' }] }],
    ['context_management', 'x'],
    ['betas', ['fast-mode-2026-02-01']],
    ['models', ['a', 'b']],
    ['api_base', 'https://e.com'],
    ['n', 2],
  ])('refuses "%s" by name', (name, value) => {
    expect(refusedParam(read({ [name]: value }))).toBe(name);
  });

  it.each([
    ['model', undefined],
    ['model', ''],
    ['model', 7],
    ['max_tokens', undefined],
    ['max_tokens', -1],
    ['max_tokens', 1.5],
    ['max_tokens', '10'],
    ['messages', undefined],
    ['messages', 'Hello'],
    ['stream', 'yes'],
    ['system', [{ type: 'image', source: base64 }]],
    ['system', 7],
  ])('refuses a %s of %j', (name, value) => {
    expect(refusedParam(read({ [name]: value }))).toBe(name);
  });

  it.each(['model', 'messages', 'system', 'stream', 'max_tokens', 'tools', 'metadata', 'speed'])(
    'refuses "%s" given twice, or in capitals',
    (name) => {
      const rest = '"model":"m","max_tokens":1,"messages":[]';
      const twice = readBytes(`{${rest},"${name}":null,"${name}":null}`);
      expect(refusedParam(twice)).toBeDefined();
      expect(refusedParam(readBytes(`{${rest},"${name.toUpperCase()}":null}`))).toBe(
        name.toUpperCase(),
      );
    },
  );

  it('refuses what parsers may understand in two ways', () => {
    const block = (inner: string) =>
      `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[${inner}]}]}`;
    expect(refusedParam(readBytes(block('{"type":"image","type":"text"}')))).toBe('messages');
    expect(refusedParam(readBytes(block('{"\\u0074ype":"text","text":"a"}')))).toBe('messages');
    const tools =
      '{"model":"m","max_tokens":1,"messages":[],"tools":[{"type":"web_search_20250305","type":"custom"}]}';
    expect(refusedParam(readBytes(tools))).toBe('tools');
    expect(refusedParam(readBytes('{"model":"m"'))).toBe('invalid_json');
  });

  it('keeps calls together that share a cache', () => {
    const cached = { cache_control: { type: 'ephemeral' } };
    const of = (fields: object) => accepted(read(fields)).affinity;
    expect(of({})).toBeUndefined();
    expect(of({ metadata: { user_id: 'session-1' } })).toBe(
      of({ metadata: { user_id: 'session-1' }, system: 'x' }),
    );
    expect(of({ metadata: { user_id: 'session-1' } })).not.toBe(
      of({ metadata: { user_id: 'session-2' } }),
    );
    const system = [{ type: 'text', text: 'Long', ...cached }];
    expect(of({ system })).toBe(of({ system, messages: [{ role: 'user', content: 'Other' }] }));
    expect(of({ system })).not.toBe(of({ system: [{ type: 'text', text: 'Longer', ...cached }] }));
  });
});

describe('readCountRequest', () => {
  const count = (fields: object) =>
    countTokens.readRequest(
      Buffer.from(JSON.stringify({ model: 'm', messages: hello, ...fields })),
      {
        headers: {},
      },
    );

  it('needs no limit, and goes to its own address', () => {
    const request = accepted(count({ stream: true }));
    expect(request).toMatchObject({ model: 'm', isStream: false, maxOutputTokens: undefined });
    expect(request.target('m').path).toBe('/v1/messages/count_tokens');
    expect(countTokens.isBilled).toBe(false);
  });

  it('refuses what a message would be refused for', () => {
    expect(refusedParam(count({ mcp_servers: [{}] }))).toBe('mcp_servers');
  });
});
