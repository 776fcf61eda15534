/** Whatever dialect a caller reads its usage in, it reads the tokens that are billed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../metering/index.ts';
import type { ConvertedCall, Dialect } from '../dialect.ts';
import { conversionBetween, surfaceOf } from './testkit.ts';
import { anthropicUsage, geminiUsage, openaiUsage } from './usage.ts';

const dialects = ['openai', 'anthropic', 'gemini'] as const;
const directions = dialects.flatMap((from) =>
  dialects.filter((to) => to !== from).map((to) => ({ from, to })),
);
const call: ConvertedCall = {
  requestId: 'req_1',
  model: 'm',
  createdAtSeconds: 1,
  wantsUsage: true,
};

const count = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 10_000_000 }));

/** A report of an upstream, broken ones and ones with more parts than the whole included. */
const reports: Readonly<Record<Dialect, fc.Arbitrary<object>>> = {
  openai: fc.record(
    {
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: fc.record(
        { cached_tokens: count, cache_write_tokens: count },
        { requiredKeys: [] },
      ),
      completion_tokens_details: fc.record({ reasoning_tokens: count }, { requiredKeys: [] }),
    },
    { requiredKeys: ['prompt_tokens', 'completion_tokens'] },
  ),
  anthropic: fc.record(
    {
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      cache_creation: fc.record({
        ephemeral_1h_input_tokens: count,
        ephemeral_5m_input_tokens: count,
      }),
      output_tokens_details: fc.record({ thinking_tokens: count }),
    },
    { requiredKeys: ['input_tokens', 'output_tokens'] },
  ),
  gemini: fc.record(
    {
      promptTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
      cachedContentTokenCount: count,
      toolUsePromptTokenCount: count,
    },
    { requiredKeys: ['promptTokenCount'] },
  ),
};

const answers: Readonly<Record<Dialect, (usage: object) => object>> = {
  openai: (usage) => ({
    choices: [{ index: 0, message: { content: 'a' }, finish_reason: 'stop' }],
    usage,
  }),
  anthropic: (usage) => ({
    content: [{ type: 'text', text: 'a' }],
    stop_reason: 'end_turn',
    usage,
  }),
  gemini: (usageMetadata) => ({
    candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }],
    usageMetadata,
  }),
};

const streams: Readonly<Record<Dialect, (usage: object) => string[]>> = {
  openai: (usage) => [JSON.stringify({ choices: [], usage }), '[DONE]'],
  anthropic: (usage) => [
    JSON.stringify({ type: 'message_start', message: { usage: { ...usage, output_tokens: 1 } } }),
    JSON.stringify({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage }),
    JSON.stringify({ type: 'message_stop' }),
  ],
  gemini: (usage) => [JSON.stringify(answers.gemini(usage))],
};

/** The parts that a dialect has a field for; writes to a cache are no business of Gemini's. */
function known(dialect: Dialect, usage: Usage | undefined) {
  if (usage === undefined) return undefined;
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
  const total = { inputTokens, cachedInputTokens, outputTokens, reasoningTokens };
  return dialect === 'gemini' ? total : { ...total, cacheWriteTokens };
}

describe.each(directions)('from $from to $to', ({ from, to }) => {
  it('shows the figures of a whole answer that are billed', () => {
    fc.assert(
      fc.property(reports[to], (reported) => {
        const body = Buffer.from(JSON.stringify(answers[to](reported)));
        const billed = surfaceOf[to].readAnswer(body).usage;
        const shown = conversionBetween(from, to).convertAnswer(body, call);
        expect(known(from, surfaceOf[from].readAnswer(shown).usage)).toEqual(known(from, billed));
      }),
    );
  });

  it('shows the figures of a stream that are billed', () => {
    fc.assert(
      fc.property(reports[to], (reported) => {
        const upstream = surfaceOf[to].openStream({ wantsUsage: true });
        const caller = surfaceOf[from].openStream({ wantsUsage: true });
        const converter = conversionBetween(from, to).openStream(call);
        let said = '';
        for (const data of streams[to](reported)) {
          const event = Buffer.from(`data: ${data}\n\n`);
          upstream.read(event);
          said += converter.push(event) ?? '';
        }
        said += converter.end().toString();
        for (const event of said.split(/(?<=\n\r?\n)/)) caller.read(Buffer.from(event));
        expect(known(from, caller.usage)).toEqual(known(from, upstream.usage));
      }),
    );
  });
});

describe('usage', () => {
  it('is read from what each dialect was written', () => {
    const usage: Usage = {
      inputTokens: 1000,
      cachedInputTokens: 300,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 50,
      outputTokens: 90,
      reasoningTokens: 40,
      estimated: false,
    };
    expect(openaiUsage(usage)).toMatchObject({ prompt_tokens: 1000, total_tokens: 1090 });
    expect(anthropicUsage(usage)).toMatchObject({
      input_tokens: 500,
      cache_creation: { ephemeral_5m_input_tokens: 150, ephemeral_1h_input_tokens: 50 },
    });
    expect(geminiUsage(usage)).toMatchObject({ promptTokenCount: 1000, candidatesTokenCount: 50 });
  });
});
