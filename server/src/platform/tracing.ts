/**
 * Traces of calls, sent to an OpenTelemetry collector as OTLP in JSON, off the path of calls: spans are kept in memory, sent
 * a few seconds later, and dropped where a collector does not keep up. Without an endpoint there is no tracer, and whoever
 * would trace finds none.
 * https://opentelemetry.io/docs/specs/otlp/ and https://www.w3.org/TR/trace-context/
 */
import { randomBytes } from 'node:crypto';
import type { Log } from './log.ts';
import { type Attributes, type EndedSpan, type spanKinds, writeTraces } from './trace-format.ts';
import type { TracingConfig } from './tracing-config.ts';

export interface Span {
  /** What the next service is told; a span that is not sampled says so there. */
  readonly traceparent: string;
  child(name: string, kind?: keyof typeof spanKinds): Span;
  set(attributes: Attributes): void;
  /** The reason is one of ours, never what somebody else said. */
  fail(reason: string): void;
  end(): void;
}

export interface Tracing {
  readonly tellsUpstreams: boolean;
  /** Begins a trace, or goes on with the caller's where its `traceparent` is one. */
  start(name: string, traceparent: string | undefined): Span;
  /** Sends what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const waitingMax = 4096;
const batchMax = 512;
const sendEveryMs = 3000;
const patienceMs = 10_000;

interface Place {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  isSampled: boolean;
}

export function createTracing(config: TracingConfig, log: Log): Tracing {
  const waiting: EndedSpan[] = [];
  let dropped = 0;
  let sending: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush(), sendEveryMs);
  timer.unref();

  function keep(span: EndedSpan): void {
    if (waiting.length >= waitingMax) dropped += 1;
    else waiting.push(span);
    if (waiting.length === batchMax) void flush();
  }
  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const spans = waiting.splice(0, batchMax);
      const problem = await post(config, writeTraces(config.serviceName, spans));
      if (problem === undefined) continue;
      log.warn({ reason: problem, spans: spans.length }, 'spans were not taken; they are dropped');
      break;
    }
    if (dropped > 0) log.warn({ dropped }, 'spans were dropped: the collector does not keep up');
    dropped = 0;
  }
  function flush(): Promise<void> {
    sending = sending.then(send);
    return sending;
  }
  return {
    tellsUpstreams: config.tellsUpstreams,
    start(name, traceparent) {
      const parent = readTraceparent(traceparent);
      const traceId = parent?.traceId ?? newHex(16);
      const isSampled = parent ? parent.isSampled : isChosen(traceId, config.ratio);
      const parentSpanId = parent?.spanId;
      return openSpan(keep, {
        name,
        kind: 'server',
        place: { traceId, spanId: newHex(8), parentSpanId, isSampled },
      });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function openSpan(
  keep: (span: EndedSpan) => void,
  { name, kind, place }: { name: string; kind: keyof typeof spanKinds; place: Place },
): Span {
  const { traceId, spanId, isSampled } = place;
  const startMs = performance.now();
  const attributes: Attributes = {};
  let failure: string | undefined;
  let isEnded = false;
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    child: (childName, childKind = 'internal') =>
      openSpan(keep, {
        ...{ name: childName, kind: childKind },
        place: { traceId, spanId: newHex(8), parentSpanId: spanId, isSampled },
      }),
    set(more) {
      Object.assign(attributes, more);
    },
    fail(reason) {
      failure = reason;
    },
    end() {
      if (isEnded || !isSampled) return;
      isEnded = true;
      keep({ ...place, name, kind, attributes, failure, startMs, endMs: performance.now() });
    },
  };
}

/** Undefined for anything but a version of the header that is understood. */
export function readTraceparent(
  text: string | undefined,
): { traceId: string; spanId: string; isSampled: boolean } | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(
    text ?? '',
  );
  if (!match) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** By the trace’s own id, so that every service which samples so decides alike. */
function isChosen(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-13), 16) < ratio * 2 ** 52;
}

function newHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** Why the collector did not take it; undefined where it did. */
async function post({ url, headers }: TracingConfig, body: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    return (error as Error).message;
  }
}
