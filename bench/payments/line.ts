/**
 * The address between a server, its customers and the providers, with a watch: how long each notification took us, and
 * how long we waited for a provider. Notifications go one at a time, so that no wait is counted for another's.
 */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Line {
  url: string;
  /** Until now: what we waited for providers, and what notifications took from their arrival to their answer. */
  watch(): { askedMs: number; toldMs: number };
  leadTo(ports: { server: number; sandbox: number }): void;
  /** Resolves when no notification is under way. */
  quiet(): Promise<void>;
  close(): void;
}

export async function openLine(): Promise<Line> {
  const ports = { server: 0, sandbox: 0 };
  const watch = { askedMs: 0, toldMs: 0 };
  let telling: Promise<void> = Promise.resolve();
  const timed = async (what: keyof typeof watch, pass: () => Promise<void>) => {
    const startedMs = performance.now();
    await pass();
    watch[what] += performance.now() - startedMs;
  };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/sandbox/')) {
      return void timed('askedMs', () => pass(request, response, ports.sandbox));
    }
    if (!url.startsWith('/api/v1/webhooks/')) return void pass(request, response, ports.server);
    telling = telling.then(() => timed('toldMs', () => pass(request, response, ports.server)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: () => ({ ...watch }),
    leadTo: (next) => Object.assign(ports, next),
    quiet: () => telling,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  const { method, url: path, headers } = request;
  const call = forward({ host: '127.0.0.1', port, method, path, headers });
  request.pipe(call);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
  await once(response, 'finish');
}
