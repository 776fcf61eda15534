/**
 * The one address between the servers, their customers and the providers. What customers ask goes through to a server
 * that lives; what providers tell us, and what we ask them, meets mishaps drawn from the seed.
 */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Mishap, mishapOf, type Trouble, troubleOf } from './story.ts';

export interface Line {
  url: string;
  /** How often each mishap happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where servers listen that are up. */
  serve(ports: readonly number[]): void;
  leadTo(sandboxPort: number): void;
  /** From now on everything arrives. */
  calm(): void;
  close(): Promise<void>;
}

interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const slowMs = 400;
/** Longer than our patience with a provider. */
const silentMs = 8_000;
const none: Mishap = { forged: false, dropped: false, ackLost: false, copies: 1, delayMs: 0 };

export async function openLine(seed: number): Promise<Line> {
  const state = { ports: [] as readonly number[], sandbox: 0, isCalm: false, turn: 0 };
  const drawn = { notifications: 0, calls: 0 };
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const anyServer = () => {
    state.turn += 1;
    return state.ports[state.turn % Math.max(1, state.ports.length)];
  };
  const toServer = (call: Call) => {
    const port = anyServer();
    return port === undefined ? undefined : send(port, call);
  };

  async function tell(call: Call, response: ServerResponse): Promise<void> {
    drawn.notifications += 1;
    const mishap = state.isCalm ? none : mishapOf(seed, drawn.notifications);
    for (const [what, happened] of Object.entries(mishap)) {
      if (happened === true || (what === 'copies' && mishap.copies > 1)) count(what);
    }
    if (mishap.forged) await toServer(forge(call, drawn.notifications));
    if (mishap.delayMs > 0) {
      count('delayed');
      await wait(mishap.delayMs);
    }
    if (mishap.dropped) return void response.destroy();
    const replies = await Promise.all(Array.from({ length: mishap.copies }, () => toServer(call)));
    const [reply] = replies;
    if (!reply || mishap.ackLost) return void response.destroy();
    answer(response, reply);
  }

  async function ask(call: Call, response: ServerResponse): Promise<void> {
    drawn.calls += 1;
    const trouble: Trouble = state.isCalm ? 'none' : troubleOf(seed, drawn.calls);
    if (trouble !== 'none') count(`call ${trouble}`);
    if (trouble === 'cut') return void response.destroy();
    if (trouble === 'down')
      return answer(response, { status: 500, headers: {}, body: Buffer.alloc(0) });
    if (trouble === 'slow') await wait(slowMs);
    const reply = await send(state.sandbox, call);
    if (trouble === 'silent') await wait(silentMs);
    if (!reply || trouble === 'lost') return void response.destroy();
    answer(response, reply);
  }

  const server = createServer(async (request, response) => {
    const call = await read(request);
    if (call.path.startsWith('/sandbox/')) return ask(call, response);
    if (call.path.startsWith('/api/v1/webhooks/')) return tell(call, response);
    const reply = await toServer(call);
    if (!reply) return void response.destroy();
    answer(response, reply);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    serve: (ports) => {
      state.ports = ports;
    },
    leadTo: (port) => {
      state.sandbox = port;
    },
    calm: () => {
      state.isCalm = true;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function read(request: IncomingMessage): Promise<Call> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { method = 'GET', url: path = '/', headers } = request;
  return { method, path, headers, body: Buffer.concat(parts) };
}

/** The reply, or undefined where there was none: the server died over it, say. */
async function send(
  port: number,
  { method, path, headers, body }: Call,
): Promise<Reply | undefined> {
  try {
    const call = forward({ host: '127.0.0.1', port, method, path, headers });
    call.end(body);
    const [reply] = (await once(call, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of reply) parts.push(part);
    return { status: reply.statusCode ?? 502, headers: reply.headers, body: Buffer.concat(parts) };
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  const { 'transfer-encoding': _chunked, connection: _connection, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': body.length }).end(body);
}

/** The same notification with one character of it changed: somebody who has no key tries their luck. */
function forge(call: Call, draw: number): Call {
  if (call.body.length > 0) {
    const body = Buffer.from(call.body);
    const at = (draw * 31) % body.length;
    body[at] = body[at] === 0x31 ? 0x39 : 0x31;
    return { ...call, body };
  }
  return { ...call, path: call.path.replace(/money=\d/, 'money=9').replace(/sign=./, 'sign=0') };
}
