/** A collector of OpenTelemetry in miniature: it takes OTLP in JSON, and keeps the spans. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status?: { code: number; message: string };
}

export interface Collector {
  url: string;
  /** Taken so far. */
  spans: CollectedSpan[];
  /** Of the last request. */
  headers: IncomingHttpHeaders;
  /** What it answers with; only 200 takes anything. */
  status: number;
  close(): void;
}

interface Traces {
  resourceSpans: { scopeSpans: { spans: CollectedSpan[] }[] }[];
}

export async function startCollector(): Promise<Collector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      collector.headers = request.headers;
      if (collector.status === 200) {
        const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Traces;
        const scopes = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
        collector.spans.push(...scopes.flatMap(({ spans }) => spans));
      }
      response.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans: [],
    headers: {},
    status: 200,
    close: () => server.close(),
  };
  return collector;
}
