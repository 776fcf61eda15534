/** Pieces of an answer, written as a stream of any dialect, are read from it the same; and the stream is one of that vendor's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConvertedCall } from '../dialect.ts';
import { readFields } from '../event-fields.ts';
import type { Delta, DeltaReader, DeltaWriter, Finish } from './answer.ts';
import { AnthropicDeltaReader } from './anthropic/read-answer.ts';
import { AnthropicDeltaWriter } from './anthropic/write-answer.ts';
import { GeminiDeltaReader } from './gemini/read-answer.ts';
import { GeminiDeltaWriter } from './gemini/write-answer.ts';
import { OpenAiDeltaReader } from './openai/read-answer.ts';
import { OpenAiDeltaWriter } from './openai/write-answer.ts';

const call: ConvertedCall = {
  requestId: 'req_1',
  model: 'm',
  createdAtSeconds: 1,
  wantsUsage: true,
};
const dialects: Readonly<Record<string, { writer: () => DeltaWriter; reader: () => DeltaReader }>> =
  {
    openai: {
      writer: () => new OpenAiDeltaWriter(call),
      reader: () => new OpenAiDeltaReader('req_1'),
    },
    anthropic: {
      writer: () => new AnthropicDeltaWriter(call),
      reader: () => new AnthropicDeltaReader(),
    },
    gemini: {
      writer: () => new GeminiDeltaWriter(call),
      reader: () => new GeminiDeltaReader('req_1'),
    },
  };

/** One thing that a model says, in pieces. */
type Said =
  | { kind: 'text' | 'thinking'; pieces: string[] }
  | { kind: 'call'; name: string; input: object; cuts: number[] };

const pieces = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), {
  minLength: 1,
  maxLength: 4,
});
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'thinking' as const), pieces }),
  fc.record({
    kind: fc.constant('call' as const),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    input: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    cuts: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
  }),
);
const finish = fc.constantFrom<Finish>('stop', 'length', 'filtered');

function deltasOf(answer: readonly Said[], ending: Finish): Delta[] {
  const deltas: Delta[] = [];
  let key = 0;
  for (const one of answer) {
    if (one.kind === 'call') {
      deltas.push({ kind: 'call', choice: 0, key, id: `call_${key}`, name: one.name });
      const text = JSON.stringify(one.input);
      const cuts = [0, ...one.cuts.map((cut) => Math.min(cut, text.length)), text.length];
      cuts.sort((a, b) => a - b);
      for (const [index, cut] of cuts.slice(1).entries()) {
        const piece = text.slice(cuts[index], cut);
        if (piece !== '') deltas.push({ kind: 'arguments', choice: 0, key, piece });
      }
      key += 1;
    } else {
      for (const text of one.pieces) deltas.push({ kind: one.kind, choice: 0, text });
    }
  }
  const hasCalls = key > 0 && ending === 'stop';
  const last = hasCalls ? 'calls' : ending;
  deltas.push({ kind: 'finish', choice: 0, finish: last, stopSequence: undefined });
  return deltas;
}

/** What was said, pieces joined; calls by their order. */
function whole(deltas: readonly Delta[]): unknown[] {
  const joined: { kind: string; text: string; id?: string; name?: string }[] = [];
  const calls = new Map<number, { text: string }>();
  for (const delta of deltas) {
    const last = joined.at(-1);
    if (delta.kind === 'text' || delta.kind === 'thinking') {
      if (last?.kind === delta.kind) last.text += delta.text;
      else joined.push({ kind: delta.kind, text: delta.text });
    } else if (delta.kind === 'call') {
      const made = { kind: 'call', text: '', id: delta.id, name: delta.name };
      calls.set(delta.key, made);
      joined.push(made);
    } else if (delta.kind === 'arguments') {
      const of = calls.get(delta.key);
      if (of) of.text += delta.piece;
    } else if (delta.kind === 'finish') joined.push({ kind: 'finish', text: delta.finish });
  }
  return joined;
}

function written(deltas: readonly Delta[], writer: DeltaWriter): Record<string, unknown>[] {
  const stream = deltas.map((delta) => writer.write(delta)).join('') + writer.end();
  return stream
    .split(/(?<=\n\r?\n)/)
    .map((event) => readFields(Buffer.from(event)).data ?? '')
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data));
}

describe.each(Object.keys(dialects))('a stream of %s', (name) => {
  const dialect = dialects[name];

  it.each([{ seed: 11 }, {}])('says all that was said, in its order (%j)', (run) => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), finish, (answer, ending) => {
        if (dialect === undefined) throw new Error(name);
        const deltas = deltasOf(answer, ending);
        const read: Delta[] = [];
        const reader = dialect.reader();
        for (const event of written(deltas, dialect.writer())) reader.read(event, read);
        expect(whole(read)).toEqual(whole(deltas));
      }),
      run,
    );
  });
});

describe('a stream of anthropic', () => {
  it("opens and closes its blocks one after another, as Claude's do", () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), finish, (answer, ending) => {
        const events = written(deltasOf(answer, ending), new AnthropicDeltaWriter(call));
        expect(events.at(0)?.type).toBe('message_start');
        expect(events.slice(-2).map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
        let open: number | undefined;
        let next = 0;
        for (const { type, index } of events) {
          if (type === 'content_block_start') {
            expect([open, index]).toEqual([undefined, next]);
            open = next;
            next += 1;
          } else if (type === 'content_block_delta') expect(index).toBe(open);
          else if (type === 'content_block_stop') {
            expect(index).toBe(open);
            open = undefined;
          }
        }
        expect(open).toBeUndefined();
      }),
    );
  });
});
