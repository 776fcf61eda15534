/** Nothing that a caller or an upstream sends makes a conversion throw, hang, or say something that is no JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRequest, ConvertedCall, Dialect } from '../dialect.ts';
import { EventScanner } from '../event-stream.ts';
import goldenAnswers from './golden/answers.json' with { type: 'json' };
import goldenRequests from './golden/requests.json' with { type: 'json' };
import goldenStreams from './golden/streams.json' with { type: 'json' };
import { conversionBetween } from './testkit.ts';

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
/** Once as ever, once as never before. */
const runs = [{ seed: 7, numRuns: 300 }, { numRuns: 300 }];

type Vector = Partial<Record<Dialect, unknown>>;
const bodiesOf = (vectors: readonly unknown[], dialect: Dialect): unknown[] =>
  vectors.flatMap((vector) => (vector as Vector)[dialect] ?? []);

/** A good body with one value somewhere in it changed to anything, or taken away. */
function broken(bodies: readonly unknown[]): fc.Arbitrary<unknown> {
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));
  return fc
    .tuple(fc.constantFrom(...bodies), fc.array(fc.nat({ max: 50 }), { maxLength: 8 }), anything)
    .map(([body, path, value]) => {
      const copy = structuredClone(body);
      let at: unknown = copy;
      for (const [depth, step] of path.entries()) {
        if (typeof at !== 'object' || at === null) break;
        const keys = Object.keys(at);
        const key = keys[step % keys.length];
        if (key === undefined) break;
        const record = at as Record<string, unknown>;
        if (depth === path.length - 1) record[key] = value;
        at = record[key];
      }
      return copy;
    });
}

function convert(direction: { from: Dialect; to: Dialect }, body: string): void {
  const conversion = conversionBetween(direction.from, direction.to);
  const request = { isStream: false } as CallRequest;
  const converted = conversion.convertRequest(Buffer.from(body), request, 'm', 64_000);
  if (converted.accepted) expect(JSON.parse(converted.body.toString())).toBeTypeOf('object');
  else expect(converted.refusal.status).toBe(400);
}

describe.each(directions)('from $from to $to', (direction) => {
  const { from, to } = direction;

  it.each(runs)('converts or refuses any body (%j)', (run) => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => convert(direction, JSON.stringify(body))),
      run,
    );
    fc.assert(
      fc.property(fc.string(), (body) => convert(direction, body)),
      run,
    );
    const bodies = bodiesOf(goldenRequests, from);
    fc.assert(
      fc.property(broken(bodies), (body) => convert(direction, JSON.stringify(body) ?? '')),
      run,
    );
  });

  it.each(runs)('says something of any answer (%j)', (run) => {
    const conversion = conversionBetween(from, to);
    fc.assert(
      fc.property(broken(bodiesOf(goldenAnswers, to)), (body) => {
        const said = conversion.convertAnswer(Buffer.from(JSON.stringify(body) ?? ''), call);
        expect(JSON.parse(said.toString())).toBeTypeOf('object');
      }),
      run,
    );
    expect(() => conversion.convertAnswer(Buffer.from('<html>'), call)).not.toThrow();
  });

  const streams = goldenStreams.flatMap((vector) => {
    const events = (vector as unknown as Partial<Record<Dialect, string[] | null>>)[to];
    return events ? [events] : [];
  });

  it.each(runs)('says something of any event (%j)', (run) => {
    const data = streams.flat().flatMap((event) => {
      const json = event.slice(event.indexOf('data: ') + 6);
      return json.startsWith('{') ? [JSON.parse(json)] : [];
    });
    fc.assert(
      fc.property(fc.array(broken(data), { maxLength: 8 }), (events) => {
        const converter = conversionBetween(from, to).openStream(call);
        let said = '';
        for (const event of events) {
          said += converter.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`)) ?? '';
        }
        said += converter.end().toString();
        for (const line of said.split(/\r?\n/)) {
          if (line.startsWith('data: {')) JSON.parse(line.slice(6));
        }
      }),
      run,
    );
  });

  it.each(runs)('says the same of a stream, wherever that is cut (%j)', (run) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        (events, sizes, lineEnd) => {
          const bytes = Buffer.from(
            events
              .map((event) => `${event}\n\n`)
              .join('')
              .replaceAll('\n', lineEnd),
          );
          const expected = said({ from, to }, [bytes]);
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(said({ from, to }, chunks)).toBe(expected);
        },
      ),
      run,
    );
  });
});

function said({ from, to }: { from: Dialect; to: Dialect }, chunks: readonly Buffer[]): string {
  const converter = conversionBetween(from, to).openStream(call);
  const scanner = new EventScanner();
  let text = '';
  for (const chunk of chunks) {
    scanner.push(chunk, (bytes, start, end) => {
      text += converter.push(bytes.subarray(start, end)) ?? '';
    });
  }
  return text + converter.end().toString();
}
