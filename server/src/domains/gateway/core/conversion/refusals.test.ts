/** What cannot be carried is refused by its name and place; what only informs is left behind without a word. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallRequest, Dialect } from '../dialect.ts';
import { dropped } from './dropped.ts';
import { conversionBetween } from './testkit.ts';

type Body = Record<string, unknown>;

const question = { role: 'user', content: 'Hi' };
const bodies: Readonly<Record<Dialect, Body>> = {
  openai: { model: 'm', messages: [question], max_tokens: 100 },
  anthropic: { model: 'm', messages: [question], max_tokens: 100 },
  gemini: { contents: [{ parts: [{ text: 'Hi' }] }], generationConfig: { maxOutputTokens: 100 } },
};

function convert(from: Dialect, to: Dialect, body: Body, model = 'claude-sonnet-4-5') {
  const bytes = Buffer.from(JSON.stringify(body));
  return conversionBetween(from, to).convertRequest(
    bytes,
    { isStream: false } as CallRequest,
    model,
  );
}

/** The place that a call is refused for; undefined where it is carried. */
function refusedAt(from: Dialect, to: Dialect, fields: Body, model?: string): string | undefined {
  const converted = convert(from, to, { ...bodies[from], ...fields }, model);
  return converted.accepted ? undefined : converted.refusal.param;
}

const assistant = (message: Body) => ({
  messages: [question, { role: 'assistant', ...message }, question],
});
const said = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const parts = (...given: unknown[]) => ({ contents: [{ role: 'user', parts: given }] });
const config = (generationConfig: Body) => ({ generationConfig });
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };

describe('convertRequest', () => {
  it.each<[string, Body]>([
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['logit_bias', { logit_bias: { '50256': -100 } }],
    ['store', { store: true }],
    ['audio', { audio: { voice: 'alloy' } }],
    ['functions', { functions: [] }],
    ['verbosity', { verbosity: 'low' }],
    ['service_tier', { service_tier: 'flex' }],
    ['anything_new', { anything_new: 1 }],
    ['stream_options.anything', { stream_options: { anything: 1 } }],
    ['tools.0.type', { tools: [{ type: 'custom', custom: { name: 'f' } }] }],
    ['tool_choice.type', { tool_choice: { type: 'custom', custom: { name: 'f' } } }],
    ['response_format.type', { response_format: { type: 'grammar' } }],
    ['reasoning_effort', { reasoning_effort: 'enormous' }],
    ['messages.0.name', { messages: [{ ...question, name: 'Ann' }] }],
    ['messages.0.role', { messages: [{ role: 'critic', content: 'no' }] }],
    ['messages.0.content.0.input_audio', said({ type: 'input_audio', input_audio: {} })],
    [
      'messages.0.content.0.file',
      said({ type: 'file', file: { file_data: 'data:application/pdf;base64,' } }),
    ],
    [
      'messages.0.content.0.image_url.detail',
      said({ type: 'image_url', image_url: { url: 'https://a', detail: 'low' } }),
    ],
    [
      'messages.0.content.0.image_url.url',
      said({ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }),
    ],
    ['messages.1.function_call', assistant({ function_call: { name: 'f', arguments: '{}' } })],
    ['messages.1.audio', assistant({ content: 'a', audio: { id: 'a' } })],
    ['messages.1.tool_calls.0.type', assistant({ tool_calls: [{ ...call, type: 'custom' }] })],
    [
      'messages.1.tool_calls.0.extra_content.acme',
      assistant({ tool_calls: [{ ...call, extra_content: { acme: 1 } }] }),
    ],
    [
      'messages.2',
      {
        messages: [
          question,
          { role: 'assistant', content: 'a' },
          { role: 'system', content: 'b' },
          question,
        ],
      },
    ],
    ['messages.1', { messages: [question, { role: 'assistant', content: 'And so' }] }],
    ['messages.0', { messages: [{ role: 'assistant', content: 'Hello' }, question] }],
    ['messages', { messages: [] }],
  ])('refuses %s of OpenAI for both others', (place, fields) => {
    expect(refusedAt('openai', 'anthropic', fields)).toBe(place);
    expect(refusedAt('openai', 'gemini', fields, 'gemini-2.5-flash')).toBe(place);
  });

  it.each<[Dialect, string, Body]>([
    ['anthropic', 'n', { n: 2 }],
    ['anthropic', 'frequency_penalty', { frequency_penalty: 0.5 }],
    ['anthropic', 'presence_penalty', { presence_penalty: 0.5 }],
    ['anthropic', 'temperature', { temperature: 1.5 }],
    ['anthropic', 'response_format', { response_format: { type: 'json_object' } }],
    [
      'anthropic',
      'messages.1.tool_calls.0',
      assistant({ tool_calls: [{ ...call, function: { name: 'f', arguments: '{"a' } }] }),
    ],
    ['gemini', 'parallel_tool_calls', { parallel_tool_calls: false }],
    ['gemini', 'reasoning_effort', { reasoning_effort: 'xhigh', max_tokens: 50_000 }],
    [
      'gemini',
      'messages.1',
      { messages: [question, { role: 'tool', tool_call_id: 'none', content: 'a' }] },
    ],
  ])('refuses for %s what only that one lacks: %s', (to, place, fields) => {
    expect(refusedAt('openai', to, fields)).toBe(place);
    const other = to === 'anthropic' ? 'gemini' : 'anthropic';
    if (!place.startsWith('messages')) expect(refusedAt('openai', other, fields)).toBeUndefined();
  });

  it.each<[string, Body]>([
    ['container', { container: 'c' }],
    ['mcp_servers', { mcp_servers: [] }],
    ['tools.0.type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['tools.0.input_examples', { tools: [{ name: 'f', input_schema: {}, input_examples: [{}] }] }],
    ['thinking.type', { thinking: { type: 'between_tools' } }],
    [
      'output_config.effort',
      { thinking: { type: 'enabled', budget_tokens: 2000 }, output_config: { effort: 'low' } },
    ],
    ['messages.0.content.0.container_upload', said({ type: 'container_upload', file_id: 'f' })],
    [
      'messages.0.content.0.source.file',
      said({ type: 'image', source: { type: 'file', file_id: 'f' } }),
    ],
    [
      'messages.0.content.0.citations',
      said({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'a' },
        citations: { enabled: true },
      }),
    ],
    [
      'messages.0.content.0.context',
      said({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'a' },
        context: 'c',
      }),
    ],
    [
      'messages.0.content.1',
      said({ type: 'text', text: 'a' }, { type: 'tool_result', tool_use_id: 'c' }),
    ],
    ['messages.1', { messages: [question, { role: 'assistant', content: 'The answer is (' }] }],
  ])('refuses %s of Anthropic for both others', (place, fields) => {
    expect(refusedAt('anthropic', 'openai', fields)).toBe(place);
    expect(refusedAt('anthropic', 'gemini', fields, 'gemini-2.5-flash')).toBe(place);
  });

  it.each<[string, Body]>([
    ['cachedContent', { cachedContent: 'c' }],
    [
      'safetySettings.0.threshold',
      { safetySettings: [{ category: 'c', threshold: 'BLOCK_LOW_AND_ABOVE' }] },
    ],
    ['tools.0.googleSearch', { tools: [{ googleSearch: {} }] }],
    [
      'tools.0.functionDeclarations.0.response',
      { tools: [{ functionDeclarations: [{ name: 'f', response: {} }] }] },
    ],
    ['toolConfig.retrievalConfig', { toolConfig: { retrievalConfig: {} } }],
    ['generationConfig.responseLogprobs', config({ responseLogprobs: true })],
    ['generationConfig.speechConfig', config({ speechConfig: {} })],
    ['generationConfig.mediaResolution', config({ mediaResolution: 'LOW' })],
    ['generationConfig.responseModalities', config({ responseModalities: ['IMAGE'] })],
    ['generationConfig.responseMimeType', config({ responseMimeType: 'text/x.enum' })],
    ['contents.0.parts.0.executableCode', parts({ executableCode: {} })],
    ['contents.0.parts.0.inlineData', parts({ inlineData: { mimeType: 'audio/wav', data: '' } })],
    [
      'contents.0.parts.0.fileData.fileUri',
      parts({ fileData: { mimeType: 'image/png', fileUri: 'gs://a/b' } }),
    ],
    [
      'contents.0.parts.0.functionResponse',
      parts({ functionResponse: { name: 'f', response: {} } }),
    ],
    ['contents.0.parts.0.text', parts({ thought: true })],
  ])('refuses %s of Gemini for both others', (place, fields) => {
    expect(refusedAt('gemini', 'openai', fields)).toBe(place);
    expect(refusedAt('gemini', 'anthropic', fields)).toBe(place);
  });

  it('refuses what OpenAI lacks of the others', () => {
    expect(refusedAt('anthropic', 'openai', { top_k: 5 })).toBe('top_k');
    expect(refusedAt('gemini', 'openai', config({ topK: 5 }))).toBe('generationConfig.topK');
    const stopSequences = ['a', 'b', 'c', 'd', 'e'];
    expect(refusedAt('gemini', 'openai', config({ stopSequences }))).toBe(
      'generationConfig.stopSequences',
    );
  });

  it('says the place in its sentence, which is all that some dialects tell', () => {
    const fields = said({ type: 'text', text: 'a' }, { type: 'tool_result', tool_use_id: 'c' });
    const refused = convert('anthropic', 'openai', { ...bodies.anthropic, ...fields });
    const message =
      'messages.0.content.1: Give the results of tools before anything else in the message.';
    expect(refused).toMatchObject({ refusal: { message } });
  });

  it('asks for a limit where Claude needs one and nobody knows any', () => {
    const { max_tokens: _, ...unlimited } = bodies.openai;
    const refused = convert('openai', 'anthropic', unlimited);
    expect(refused).toMatchObject({ refusal: { param: 'max_completion_tokens' } });
    const bytes = Buffer.from(JSON.stringify(unlimited));
    const request = { isStream: false } as CallRequest;
    const known = conversionBetween('openai', 'anthropic').convertRequest(
      bytes,
      request,
      'm',
      64_000,
    );
    expect(known.accepted && JSON.parse(known.body.toString()).max_tokens).toBe(64_000);
  });

  it('asks for room to think', () => {
    const thinking = { reasoning_effort: 'high', max_tokens: 1024 };
    expect(refusedAt('openai', 'anthropic', thinking)).toBe('reasoning_effort');
    expect(
      refusedAt(
        'gemini',
        'anthropic',
        config({ maxOutputTokens: 9000, thinkingConfig: { thinkingBudget: 500 } }),
      ),
    ).toBe('generationConfig.thinkingConfig');
  });

  it('asks for the thoughts that Claude goes on with while tools are used', () => {
    const result = { role: 'tool', tool_call_id: 'c', content: '1' };
    const turns = (extra_content?: object) => ({
      messages: [question, { role: 'assistant', tool_calls: [{ ...call, extra_content }] }, result],
      max_tokens: 9000,
      reasoning_effort: 'low',
    });
    expect(refusedAt('openai', 'anthropic', turns())).toBe('messages.1');
    const block = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
    const converted = convert('openai', 'anthropic', {
      ...bodies.openai,
      ...turns({ anthropic: { thinking_blocks: [block] } }),
    });
    expect(
      converted.accepted && JSON.parse(converted.body.toString()).messages[1].content[0],
    ).toEqual(block);
  });

  it('refuses a body that is no object', () => {
    for (const broken of ['', '[]', 'null', '{"messages":', '"text"']) {
      const conversion = conversionBetween('openai', 'gemini');
      const converted = conversion.convertRequest(
        Buffer.from(broken),
        { isStream: false } as CallRequest,
        'm',
      );
      expect(converted).toMatchObject({ accepted: false, refusal: { code: 'invalid_json' } });
    }
  });

  it.each<[Dialect, Body]>([
    [
      'openai',
      {
        user: 'u',
        safety_identifier: 's',
        metadata: { a: 'b' },
        store: false,
        seed: 1,
        prompt_cache_key: 'k',
        prompt_cache_retention: '24h',
        prediction: { type: 'content', content: 'a' },
        logprobs: false,
        logit_bias: {},
        service_tier: 'auto',
        modalities: ['text'],
        frequency_penalty: 0,
        n: 1,
        verbosity: 'medium',
        functions: null,
      },
    ],
    [
      'anthropic',
      {
        metadata: { user_id: 'u' },
        cache_control: { type: 'ephemeral' },
        service_tier: 'auto',
        system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        container: null,
      },
    ],
    [
      'gemini',
      {
        labels: { a: 'b' },
        safetySettings: [{ category: 'c', threshold: 'OFF' }],
        generation_config: { seed: 1, candidate_count: 1, max_output_tokens: 5 },
        generationConfig: null,
      },
    ],
  ])('leaves behind what only informs of %s', (from, fields) => {
    for (const to of ['openai', 'anthropic', 'gemini'] as const) {
      if (to !== from) expect(refusedAt(from, to, fields)).toBeUndefined();
    }
  });

  it('has a reason for each, which the decision states', () => {
    const page = '../../../../../../docs/decisions/0207-one-neutral-form-between-dialects.md';
    const stated = readFileSync(new URL(page, import.meta.url), 'utf8').replace(/ +/g, ' ');
    for (const reasons of Object.values(dropped)) {
      for (const [place, reason] of Object.entries(reasons)) {
        expect(stated).toContain(`| \`${place}\` | ${reason} |`);
      }
    }
  });
});
