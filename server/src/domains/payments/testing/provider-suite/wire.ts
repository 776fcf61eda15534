/** The line between a provider and its simulator: every call is counted, and the line can be disturbed in every way. */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `silent`: never an answer. `cut`: the connection breaks before the call arrives. `lost`: the call is done and its
 * answer does not come. `down`: 500. `noise`: a page of HTML. `empty`: 200 and nothing. `huge`: more than anybody
 * should read. `elsewhere`: a redirect to another host. `echo`: an error that quotes the whole call.
 */
export const faults = [
  'silent',
  'cut',
  'lost',
  'down',
  'noise',
  'empty',
  'huge',
  'elsewhere',
  'echo',
] as const;
export type Fault = (typeof faults)[number];

export interface Wire {
  url: string;
  /** How many calls were made so far. */
  calls(): number;
  /** How many calls followed a redirect to the other host. */
  ledAstray(): number;
  disturb(fault: Fault | undefined): void;
  leadTo(port: number): void;
  close(): Promise<void>;
}

/** More than the largest statement may be. Made once: every call of a test is answered with it. */
const hugeBytes = 64 * 1024 * 1024;
let huge: Buffer | undefined;

export async function openWire(): Promise<Wire> {
  const state = { port: 0, calls: 0, astray: 0, fault: undefined as Fault | undefined };
  const astray = createServer((_request, response) => {
    state.astray += 1;
    response.end('{}');
  });
  const astrayUrl = await listen(astray);
  const server = createServer((request, response) => {
    state.calls += 1;
    const { fault, port } = state;
    if (fault === undefined) return pass(request, port, (answer) => relay(answer, response));
    if (fault === 'lost') return pass(request, port, () => response.destroy());
    disturbances[fault](request, response, astrayUrl);
  });
  const url = await listen(server);
  return {
    url,
    calls: () => state.calls,
    ledAstray: () => state.astray,
    disturb: (fault) => {
      state.fault = fault;
    },
    leadTo: (port) => {
      state.port = port;
    },
    async close() {
      for (const each of [server, astray]) {
        each.close();
        each.closeAllConnections();
      }
    },
  };
}

type Disturbance = (request: IncomingMessage, response: ServerResponse, astrayUrl: string) => void;

const disturbances: Record<Exclude<Fault, 'lost'>, Disturbance> = {
  silent: (request) => request.resume(),
  cut: (request) => request.destroy(),
  down: (request, response) => answer(request, response, 500, '{"error": "internal"}'),
  noise: (request, response) => answer(request, response, 200, '<html><body>Hello</body></html>'),
  empty: (request, response) => answer(request, response, 200, ''),
  huge: (request, response) => {
    request.resume();
    response.on('error', () => undefined);
    huge ??= Buffer.alloc(hugeBytes, ' ');
    response.end(huge);
  },
  elsewhere: (request, response, astrayUrl) => {
    response.setHeader('location', astrayUrl + (request.url ?? ''));
    answer(request, response, 307, '');
  },
  echo: async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { url, headers } = request;
    const quoted = JSON.stringify({ url, headers, body });
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: quoted, msg: quoted, error: { message: quoted } }));
  },
};

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
): void {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function pass(
  request: IncomingMessage,
  port: number,
  onAnswer: (answer: IncomingMessage) => void,
): void {
  const { method, url: path, headers } = request;
  const call = forward({ host: '127.0.0.1', port, method, path, headers }, onAnswer);
  call.on('error', () => request.destroy());
  request.pipe(call);
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
  answer.on('error', () => response.destroy());
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
