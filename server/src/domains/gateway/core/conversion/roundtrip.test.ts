/** What the neutral form says in a dialect is read from it the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../dialect.ts';
import { readAnthropicRequest } from './anthropic/read-request.ts';
import { writeAnthropicRequest } from './anthropic/write-request.ts';
import type {
  AssistantPart,
  CallPart,
  ContentPart,
  Conversation,
  ResultPart,
  TextPart,
  Turn,
} from './conversation.ts';
import { readGeminiRequest } from './gemini/read-request.ts';
import { writeGeminiRequest } from './gemini/write-request.ts';
import { readOpenAiRequest } from './openai/read-request.ts';
import { writeOpenAiRequest } from './openai/write-request.ts';

const dialects = {
  openai: { read: readOpenAiRequest, write: writeOpenAiRequest },
  anthropic: { read: readAnthropicRequest, write: writeAnthropicRequest },
  gemini: { read: readGeminiRequest, write: writeGeminiRequest },
} as const;

/** What each dialect has a place for. */
const able = {
  openai: { files: 'images', marks: false, errors: false, title: true, seal: false },
  anthropic: { files: 'all', marks: true, errors: true, title: true, seal: true },
  gemini: { files: 'all', marks: false, errors: true, title: false, seal: true },
} as const;

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-z]\w{0,20}$/);
const schema = fc.record({
  type: fc.constant('object'),
  properties: fc.dictionary(name, fc.constant({ type: 'string' })),
  additionalProperties: fc.constant(false),
});
const limit = fc.integer({ min: 2000, max: 60_000 });

function textPart(dialect: Dialect): fc.Arbitrary<TextPart> {
  const plain = text.map((value): TextPart => ({ kind: 'text', text: value, at: '' }));
  if (!able[dialect].marks) return plain;
  const mark = fc.constantFrom<TextPart['cache']>('5m', '1h', undefined);
  return fc.tuple(plain, mark).map(([part, cache]) => (cache ? { ...part, cache } : part));
}

function contentPart(dialect: Dialect): fc.Arbitrary<ContentPart> {
  const data = fc
    .uint8Array({ minLength: 1 })
    .map((bytes) => Buffer.from(bytes).toString('base64'));
  const image = data.map(
    (bytes): ContentPart => ({
      kind: 'image',
      source: { kind: 'base64', mediaType: 'image/png', data: bytes },
      at: '',
    }),
  );
  const mediaType = dialect === 'gemini' ? 'image/jpeg' : undefined;
  const linked = fc
    .webUrl()
    .map(
      (url): ContentPart => ({ kind: 'image', source: { kind: 'url', url, mediaType }, at: '' }),
    );
  const title = able[dialect].title ? text.map((value) => value) : fc.constant(undefined);
  const document = fc.tuple(data, title).map(
    ([bytes, titled]): ContentPart => ({
      kind: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: bytes },
      title: titled,
      at: '',
    }),
  );
  const said = { weight: 3, arbitrary: textPart(dialect) };
  return able[dialect].files === 'all'
    ? fc.oneof(said, image, linked, document)
    : fc.oneof(said, image, linked);
}

const input = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }).map(withoutMinusZero), {
  noNullPrototype: true,
});

/** JSON has no minus zero. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** What the model says between two turns of the user: text, or calls that the next turn answers. */
function exchange(dialect: Dialect): fc.Arbitrary<(ids: number) => Turn[]> {
  const callCount = fc.integer({ min: 0, max: 3 });
  const resultContent = able[dialect].files === 'all' ? contentPart(dialect) : textPart(dialect);
  const oneText = textPart(dialect).map((part) => [part] as ContentPart[]);
  const results = fc.oneof(
    oneText,
    // Gemini has files behind all text of a result.
    dialect === 'gemini' ? fc.constant([]) : fc.array(resultContent, { maxLength: 3 }),
  );
  const calls = fc.array(fc.record({ name, input, parts: results, isError: fc.boolean() }), {
    maxLength: 3,
  });
  return fc
    .tuple(
      calls,
      textPart(dialect),
      fc.array(contentPart(dialect), { minLength: 1, maxLength: 3 }),
      callCount,
    )
    .map(([called, said, asked, sealed]) => (ids: number) => {
      const at = '';
      const parts: AssistantPart[] = [said];
      if (called.length > 0 && sealed > 0 && able[dialect].seal && dialect !== 'openai') {
        const seal = { vendor: dialect, value: `c2ln${sealed}===`.slice(0, 8), isRedacted: false };
        parts.push({ kind: 'thinking', text: dialect === 'gemini' ? '' : 'Hm.', seal, at });
      }
      const made = called.map(
        (one, index): CallPart => ({
          kind: 'call',
          id: `call_${ids}_${index}`,
          name: one.name,
          input: one.input,
          at,
        }),
      );
      const answered = called.map(
        (one, index): ResultPart => ({
          kind: 'result',
          callId: `call_${ids}_${index}`,
          parts: one.parts,
          isError: able[dialect].errors && one.isError,
          at,
        }),
      );
      return [
        { role: 'assistant', parts: [...parts, ...made], at },
        { role: 'user', parts: [...answered, ...asked], at },
      ];
    });
}

function conversation(dialect: Dialect): fc.Arbitrary<Conversation> {
  const { names } = dialects[dialect].read(dialect === 'gemini' ? {} : { messages: [] }, false);
  const number = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
  const sampling = fc.record(
    {
      temperature: number,
      topP: number,
      ...(dialect !== 'openai' && { topK: fc.integer({ min: 1, max: 90 }) }),
    },
    { requiredKeys: [] },
  );
  const tool = fc.record({
    name,
    description: fc.option(text, { nil: undefined }),
    schema,
    isStrict: fc.constant(undefined),
    at: fc.constant(''),
  });
  const opening = fc.array(contentPart(dialect), { minLength: 1, maxLength: 4 });
  const turns = fc
    .tuple(opening, fc.array(exchange(dialect), { maxLength: 4 }))
    .map(([parts, exchanges]): Turn[] => [
      { role: 'user', parts, at: '' },
      ...exchanges.flatMap((make, index) => make(index)),
    ]);
  return fc.record({
    system: fc.array(textPart(dialect), { maxLength: 2 }),
    turns,
    tools: fc.uniqueArray(tool, { selector: (one) => one.name, maxLength: 3 }),
    toolChoice: fc.option(
      fc.oneof(
        fc.constantFrom(
          { mode: 'any', names: undefined } as const,
          { mode: 'none', names: undefined } as const,
          { mode: 'auto', names: undefined } as const,
        ),
        name.map((one) => ({ mode: 'any' as const, names: [one] })),
      ),
      { nil: undefined },
    ),
    mayCallInParallel: fc.constant(undefined),
    choices: dialect === 'anthropic' ? fc.constant(1) : fc.integer({ min: 1, max: 4 }),
    maxOutputTokens: limit,
    sampling,
    stopSequences: fc.array(text, { maxLength: 4 }),
    output: fc.option(
      schema.map((one) => ({
        kind: 'schema' as const,
        schema: one,
        name: dialect === 'openai' ? 'answer' : undefined,
        description: undefined,
      })),
      { nil: undefined },
    ),
    thinking: fc.constant(undefined),
    isStream: dialect === 'gemini' ? fc.constant(false) : fc.boolean(),
    names: fc.constant(names),
  });
}

/** Places differ, as nobody's body has been read yet; what is undefined is as good as left out. */
function normal(said: Conversation): unknown {
  const turns = JSON.stringify({ ...said, turns: joined(said.turns) }, (key, inner) =>
    key === 'at' ? undefined : inner,
  );
  return JSON.parse(turns);
}

/** OpenAI has a message for each result of a tool, so that what follows them is a turn of its own. */
function joined(turns: readonly Turn[]): { role: string; parts: unknown[] }[] {
  const whole: { role: string; parts: unknown[] }[] = [];
  for (const { role, parts } of turns) {
    const last = whole.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else whole.push({ role, parts: [...parts] });
  }
  return whole;
}

describe('a request', () => {
  it.each(['openai', 'anthropic', 'gemini'] as const)(
    'is read from %s as it was written',
    (dialect) => {
      fc.assert(
        fc.property(conversation(dialect), (said) => {
          const { read, write } = dialects[dialect];
          const written = write(said, { model: 'm', maxOutputTokens: undefined });
          expect(normal(read(JSON.parse(written), said.isStream))).toEqual(normal(said));
        }),
        { numRuns: 200 },
      );
    },
  );
});
