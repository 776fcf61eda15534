/** Callers: so many connections that each send one call after the other, or a single one that is timed. */
import { Client } from 'undici';
import { announcePart } from './process.ts';
import { type QuestionName, questions } from './questions.ts';

/** Where calls go, with which keys; each call takes the next key. */
export interface Target {
  port: number;
  keys: string[];
  /** What is asked there. */
  asks: QuestionName;
  isStream: boolean;
}

export type Question =
  | { kind: 'flood'; target: Target; connections: number; seconds: number }
  | { kind: 'time'; targets: Target[]; rounds: number };

export interface Flooded {
  calls: number;
  failures: number;
  seconds: number;
}

/** Milliseconds at the median, for each target. */
export interface Timed {
  wholeMs: number[];
  firstMs: number[];
}

/** Enough for the usage at the end of a stream. */
const tailBytes = 200;

interface Call {
  ok: boolean;
  firstMs: number;
  wholeMs: number;
}

function call(client: Client, { keys, asks, isStream }: Target, turn: number): Promise<Call> {
  const startedMs = performance.now();
  let firstMs = 0;
  let status = 0;
  let tail = '';
  const key = keys[turn % keys.length] ?? '';
  const { path, streamPath, body, streamBody, streamEnd } = questions[asks];
  return new Promise((resolve, reject) => {
    client.dispatch(
      {
        method: 'POST',
        path: isStream ? streamPath : path,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: isStream ? streamBody : body,
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, code) => {
          status = code;
        },
        onResponseData: (_controller, chunk) => {
          firstMs ||= performance.now() - startedMs;
          tail = chunk.toString('latin1', Math.max(0, chunk.length - tailBytes));
        },
        onResponseEnd: () => {
          const isWhole = isStream ? streamEnd.test(tail) : tail.endsWith('}');
          resolve({
            ok: status === 200 && isWhole,
            firstMs,
            wholeMs: performance.now() - startedMs,
          });
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

async function flood(question: Extract<Question, { kind: 'flood' }>): Promise<Flooded> {
  const { target, connections, seconds } = question;
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let calls = 0;
  let failures = 0;
  const caller = async () => {
    const client = new Client(`http://127.0.0.1:${target.port}`);
    while (performance.now() < endMs) {
      calls += 1;
      const { ok } = await call(client, target, calls);
      if (!ok) failures += 1;
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: connections }, caller));
  return { calls, failures, seconds: (performance.now() - startedMs) / 1000 };
}

/** The targets take turns, so that whatever else the machine does falls on all of them alike. */
async function time({ targets, rounds }: Extract<Question, { kind: 'time' }>): Promise<Timed> {
  const lines = targets.map((target) => ({
    target,
    client: new Client(`http://127.0.0.1:${target.port}`),
    whole: [] as number[],
    first: [] as number[],
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, client, whole, first } of lines) {
      const { firstMs, wholeMs } = await call(client, target, round);
      whole.push(wholeMs);
      first.push(firstMs);
    }
  }
  for (const { client } of lines) await client.close();
  return {
    wholeMs: lines.map(({ whole }) => median(whole)),
    firstMs: lines.map(({ first }) => median(first)),
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

announcePart(0, (question: Question) =>
  question.kind === 'flood' ? flood(question) : time(question),
);
