/** The same call, answer and stream as each dialect says it: read from any, it is written so in the others. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallRequest, ConvertedCall, Dialect } from '../dialect.ts';
import { conversionBetween } from './testkit.ts';

interface Vector<Said> {
  feature: string;
  openai: Said | null;
  anthropic: Said | null;
  gemini: Said | null;
  /** By direction, where the dialects say it differently. */
  except?: Record<string, Said>;
}

type Body = Record<string, unknown>;

const dialects: readonly Dialect[] = ['openai', 'anthropic', 'gemini'];
const models = { openai: 'gpt', anthropic: 'claude', gemini: 'gemini' } as const;
const call: ConvertedCall = {
  requestId: 'req_1',
  model: 'm',
  createdAtSeconds: 1_700_000_000,
  wantsUsage: true,
};

/** Every direction for which a vector says what comes out. */
function casesOf<Said>(name: string) {
  const file = new URL(`./golden/${name}.json`, import.meta.url);
  const vectors: Vector<Said>[] = JSON.parse(readFileSync(file, 'utf8'));
  return vectors.flatMap((vector) =>
    dialects.flatMap((from) =>
      dialects.flatMap((to) => {
        const given = vector[from];
        const expected = vector.except?.[`${from} to ${to}`] ?? vector[to];
        if (from === to || given === null || expected === null) return [];
        return [{ feature: vector.feature, from, to, given, expected }];
      }),
    ),
  );
}

describe('convertRequest', () => {
  it.each(casesOf<Body>('requests'))('says $feature of $from in $to', (vector) => {
    const { from, to, given, expected, feature } = vector;
    const isStream = feature === 'a stream';
    const body = Buffer.from(JSON.stringify(given));
    const request = { isStream } as CallRequest;
    const converted = conversionBetween(from, to).convertRequest(body, request, models[to]);
    if ('refused' in expected) {
      expect(converted).toMatchObject({ accepted: false, refusal: { param: expected.refused } });
    } else {
      expect(converted).toMatchObject({ accepted: true });
      expect(converted.accepted && JSON.parse(converted.body.toString())).toEqual(expected);
    }
  });

  it('knows an address of each vendor', () => {
    const address = (from: Dialect, to: Dialect, isStream: boolean) => {
      const body = { openai: '{"messages":[{"role":"user","content":"a"}]}', gemini: '' };
      const given = from === 'openai' ? body.openai : '{"contents":[{"parts":[{"text":"a"}]}]}';
      const request = { isStream } as CallRequest;
      const conversion = conversionBetween(from, to);
      const converted = conversion.convertRequest(Buffer.from(given), request, 'a/b', 100);
      return converted.accepted ? [converted.path, converted.headers] : converted.refusal;
    };
    expect(address('openai', 'anthropic', true)).toEqual([
      '/v1/messages',
      { 'anthropic-version': '2023-06-01' },
    ]);
    expect(address('openai', 'gemini', false)).toEqual([
      '/v1beta/models/a%2Fb:generateContent',
      {},
    ]);
    expect(address('openai', 'gemini', true)).toEqual([
      '/v1beta/models/a%2Fb:streamGenerateContent?alt=sse',
      {},
    ]);
    expect(address('gemini', 'openai', true)).toEqual(['/chat/completions', {}]);
  });
});

describe('convertAnswer', () => {
  it.each(casesOf<Body>('answers'))(
    'says $feature of $to in $from',
    ({ from, to, given, expected }) => {
      // Answers go the other way: the upstream's is what is given.
      const body = Buffer.from(JSON.stringify(given));
      const converted = conversionBetween(to, from).convertAnswer(body, call);
      expect(JSON.parse(converted.toString())).toEqual(expected);
    },
  );
});

describe('openStream', () => {
  it.each(casesOf<string[]>('streams'))('says $feature of $from in $to', (vector) => {
    const { from, to, given, expected } = vector;
    const converter = conversionBetween(to, from).openStream(call);
    const events = given.map((event) => converter.push(Buffer.from(`${event}\n\n`)) ?? '');
    const said = events.join('') + converter.end().toString();
    expect(said.split(/\r?\n\r?\n/).filter((event) => event !== '')).toEqual(expected);
  });
});
