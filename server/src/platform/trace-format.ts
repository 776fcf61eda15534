/** Spans as OTLP writes them in JSON. https://github.com/open-telemetry/opentelemetry-proto */

export type Attributes = Record<string, string | number | boolean | undefined>;

export const spanKinds = { internal: 1, server: 2, client: 3 } as const;

export interface EndedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: keyof typeof spanKinds;
  attributes: Attributes;
  failure: string | undefined;
  /** Of the monotonic clock. */
  startMs: number;
  endMs: number;
}

const failed = 2;

export function writeTraces(serviceName: string, spans: readonly EndedSpan[]): string {
  const resource = { attributes: writeAttributes({ 'service.name': serviceName }) };
  const scopeSpans = [{ scope: { name: 'sluice' }, spans: spans.map(writeSpan) }];
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
}

function writeSpan(span: EndedSpan): object {
  const { traceId, spanId, parentSpanId, name, kind, attributes, failure, startMs, endMs } = span;
  return {
    ...{ traceId, spanId, parentSpanId, name, kind: spanKinds[kind] },
    startTimeUnixNano: nanosOf(startMs),
    endTimeUnixNano: nanosOf(endMs),
    attributes: writeAttributes(attributes),
    ...(failure !== undefined && { status: { code: failed, message: failure } }),
  };
}

/** Nanoseconds since 1970, as text: they are beyond what a number holds exactly. */
function nanosOf(monotonicMs: number): string {
  return String(BigInt(Math.round((performance.timeOrigin + monotonicMs) * 1000)) * 1000n);
}

function writeAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: writeValue(value) }],
  );
}

function writeValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
