/** Spans as a collector gets them, over HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { type Collector, startCollector } from './testkit/collector.ts';
import { createTracing, readTraceparent, type Tracing } from './tracing.ts';
import type { TracingConfig } from './tracing-config.ts';

let collector: Collector;
let tracing: Tracing;
const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

beforeAll(async () => {
  collector = await startCollector();
});
beforeEach(() => {
  collector.spans.length = 0;
  collector.status = 200;
});
afterAll(() => collector.close());

function open(config: Partial<TracingConfig> = {}): Tracing {
  tracing = createTracing(
    {
      ...{ url: collector.url, headers: { 'x-key': 'k' }, serviceName: 'test' },
      ...{ ratio: 1, tellsUpstreams: false, ...config },
    },
    createLog('silent'),
  );
  return tracing;
}

describe('createTracing', () => {
  test('sends a span and its parts, with what was said of them', async () => {
    const span = open().start('call', undefined);
    const part = span.child('attempt', 'client');
    part.set({ channel: 'chn_1', status: 502, share: 0.5, isLast: true, nothing: undefined });
    part.fail('upstream failed');
    part.end();
    span.end();
    await tracing.close();
    const [first, second] = collector.spans;
    expect(first).toMatchObject({
      ...{ name: 'attempt', kind: 3, traceId: second?.traceId, parentSpanId: second?.spanId },
      status: { code: 2, message: 'upstream failed' },
      attributes: [
        { key: 'channel', value: { stringValue: 'chn_1' } },
        { key: 'status', value: { intValue: '502' } },
        { key: 'share', value: { doubleValue: 0.5 } },
        { key: 'isLast', value: { boolValue: true } },
      ],
    });
    expect(second).toMatchObject({ name: 'call', kind: 2 });
    expect(second?.traceId).toMatch(/^[0-9a-f]{32}$/);
    const aboutNow = BigInt(Date.now()) * 1_000_000n;
    const late = aboutNow - BigInt(second?.startTimeUnixNano ?? 0);
    expect(late >= -1_000_000_000n && late < 60_000_000_000n).toBe(true);
    expect(BigInt(first?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(
      BigInt(second?.endTimeUnixNano ?? 0),
    );
    expect(collector.headers['x-key']).toBe('k');
  });

  test('goes on with the trace of its caller, and with its decision', async () => {
    open({ ratio: 0 }).start('call', given).end();
    open({ ratio: 1 }).start('call', given.replace(/01$/, '00')).end();
    await tracing.close();
    open({ ratio: 0 }).start('call', given).end();
    await tracing.close();
    expect(collector.spans).toMatchObject([
      { traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' },
    ]);
  });

  test('takes its share of the traces that it begins', async () => {
    open({ ratio: 0.25 });
    const spans = Array.from({ length: 400 }, () => tracing.start('call', undefined));
    const sampled = spans.filter(({ traceparent }) => traceparent.endsWith('-01'));
    expect(sampled.length).toBeGreaterThan(50);
    expect(sampled.length).toBeLessThan(160);
  });

  test('drops what a collector does not take, and goes on', async () => {
    open();
    collector.status = 503;
    tracing.start('lost', undefined).end();
    await tracing.flush();
    collector.status = 200;
    tracing.start('kept', undefined).end();
    await tracing.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['kept']);
  });
});

describe('readTraceparent', () => {
  test.each([
    ['nothing', undefined],
    ['a word', 'trace'],
    ['no trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['no parent', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['capital letters', given.toUpperCase()],
    ['more than version 00 has', `${given}-more`],
    ['version ff', given.replace(/^00/, 'ff')],
  ])('is none of %s', (_, text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });

  test('reads what it knows of a later version', () => {
    expect(readTraceparent(`${given.replace(/^00/, '01')}-more`)?.isSampled).toBe(true);
  });
});
