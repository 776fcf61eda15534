/** A reporter: so many connections that each send one batch of events after the other. */
import { Client } from 'undici';
import { announcePart } from '../gateway/process.ts';

export interface Question {
  port: number;
  key: string;
  /** External ids of the application's customers. */
  subjects: string[];
  connections: number;
  seconds: number;
}

export interface Reported {
  accepted: number;
  duplicates: number;
  refused: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

const batchSize = 1000;
/** Of a thousand events, so many were sent before. */
const repeated = 50;
const tags = ['"team:research"', '"team:clinic"', '"team:clinic","urgent"'];

let serial = 0;

function batchOf(subjects: string[]): string {
  const events: string[] = [];
  for (let index = 0; index < batchSize; index += 1) {
    const isRepeat = index < repeated && serial > batchSize;
    if (!isRepeat) serial += 1;
    const number = isRepeat ? serial - batchSize + index : serial;
    const meter = number % 2 === 0 ? 'analyses' : 'pages';
    const quantity = number % 2 === 0 ? '' : `,"quantity":"${(number % 20) + 1}"`;
    const properties = number % 4 === 0 ? `,"properties":{"device":"scanner-${number % 9}"}` : '';
    events.push(
      `{"id":"evt-${process.pid}-${number}","subject":{"external_id":"${subjects[number % subjects.length]}"},` +
        `"meter":"${meter}"${quantity},"tags":[${tags[number % 3]}]${properties}}`,
    );
  }
  return `[${events.join(',')}]`;
}

async function report({ port, key, subjects, connections, seconds }: Question): Promise<Reported> {
  const counts = { accepted: 0, duplicate: 0, refused: 0 };
  const tookMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  const reporter = async () => {
    const client = new Client(`http://127.0.0.1:${port}`);
    while (performance.now() < endMs) {
      const body = batchOf(subjects);
      const sentMs = performance.now();
      const answer = await client.request({
        method: 'POST',
        path: '/api/v1/billing/usage/events',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      });
      const text = await answer.body.text();
      tookMs.push(performance.now() - sentMs);
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${text}`);
      for (const status of ['accepted', 'duplicate', 'refused'] as const) {
        counts[status] += text.split(`"status":"${status}"`).length - 1;
      }
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: connections }, reporter));
  tookMs.sort((a, b) => a - b);
  const quantile = (part: number) => tookMs[Math.floor(tookMs.length * part)] ?? 0;
  return {
    accepted: counts.accepted,
    duplicates: counts.duplicate,
    refused: counts.refused,
    seconds: (performance.now() - startedMs) / 1000,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

announcePart(0, report);
