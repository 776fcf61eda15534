/** One call is followed: in a trace, in the log, in metrics, and by its id to its receipt, its transfer and the audit log. */
import { PassThrough } from 'node:stream';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { type Collector, startCollector } from '../../platform/testkit/collector.ts';
import { createTracing } from '../../platform/tracing.ts';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let collector: Collector;
let fixture: GatewayFixture;
let secret: string;
const registry = new Registry();
const lines: Record<string, unknown>[] = [];
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

beforeAll(async () => {
  collector = await startCollector();
  const written = new PassThrough();
  written.on('data', (text) => {
    for (const line of String(text).trim().split('\n')) lines.push(JSON.parse(line));
  });
  const log = createLog('debug', written);
  const tracing = createTracing(
    {
      ...{ url: collector.url, headers: {}, serviceName: 'test', ratio: 0 },
      tellsUpstreams: true,
    },
    log,
  );
  fixture = await startGateway({ registry, platform: { tracing, log } });
  await fixture.price({});
  await fixture.channel();
  ({ secret } = await fixture.customer());
});
beforeEach(() => {
  collector.spans.length = 0;
  lines.length = 0;
});
afterAll(async () => {
  await fixture.platform.tracing?.close();
  await fixture.close();
  collector.close();
});

const chat = (headers: Record<string, string> = {}) =>
  fixture.chat(
    secret,
    { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 },
    { headers: { authorization: `Bearer ${secret}`, ...headers } },
  );

async function spansOf(): Promise<Collector['spans']> {
  await fixture.platform.tracing?.flush();
  return collector.spans;
}

test('a traced call is one span with its parts, under the span of its caller', async () => {
  const answer = await chat({ traceparent });
  expect(answer.status).toBe(200);
  const requestId = answer.headers.get('x-request-id') ?? '';
  await answer.text();
  const spans = await spansOf();
  const call = spans.find(({ name }) => name === 'call openai.chat');
  expect(spans.map(({ name }) => name).sort()).toEqual([
    ...['authorize', 'call openai.chat', 'settle', 'upstream attempt'],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceparent.slice(3, 35)]));
  expect(call?.parentSpanId).toBe('b7ad6b7169203331');
  expect(call?.attributes).toContainEqual({
    key: 'sluice.request_id',
    value: { stringValue: requestId },
  });
  const parts = spans.filter((span) => span !== call);
  expect(parts.every(({ parentSpanId }) => parentSpanId === call?.spanId)).toBe(true);
});

test('a call whose caller does not trace it is not traced', async () => {
  const answer = await chat();
  expect(answer.status).toBe(200);
  await answer.text();
  expect(await spansOf()).toEqual([]);
});

test('the id of the answer leads to the log, the receipt and the transfer', async () => {
  const answer = await chat();
  const requestId = answer.headers.get('x-request-id') ?? '';
  await answer.text();
  expect(requestId).toMatch(/^req_/);
  expect(lines).toContainEqual(
    expect.objectContaining({ requestId, model, outcome: 'completed', status: '200' }),
  );
  const { rows: receipts } = await sql<{ amount: bigint }>`
    select amount from metering_usage where request_id = ${requestId}
  `.execute(fixture.platform.database);
  expect(receipts).toHaveLength(1);
  const { rows: transfers } = await sql<{ amount: bigint }>`
    select amount from ledger_transfers where reference = ${requestId}
  `.execute(fixture.platform.database);
  expect(transfers.reduce((sum, { amount }) => sum + amount, 0n)).toBe(receipts[0]?.amount);
});

test('calls are counted by model, outcome and status, refusals by reason', async () => {
  await (await chat()).text();
  const refused = await fixture.chat('sk-unknown', { model, messages: [] });
  expect(refused.status).toBe(401);
  await refused.text();
  const told = await registry.metrics();
  expect(told).toMatch(
    new RegExp(`sluice_calls_total{model="${model}",outcome="completed",status="200"} [1-9]`),
  );
  expect(told).toContain('sluice_calls_total{model="none",outcome="refused",status="401"} 1');
  expect(told).toContain('sluice_call_refusals_total{reason="invalid_api_key"} 1');
  expect(told).toMatch(new RegExp(`sluice_call_seconds_count{model="${model}"} [1-9]`));
});
