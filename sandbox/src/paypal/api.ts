/** What every call of the vendor's API has in common: the token, the body, its repetition, and how a no is written. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Exchange, isRecord, readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { Clock } from '../steering/clock.ts';
import { Journal } from '../storage/journal.ts';
import type { Access } from './access.ts';
import type { Book } from './book.ts';

export interface ApiCall {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** As it came. */
  text: string;
  requestId: string | undefined;
  isFull: boolean;
}

export interface ApiReply {
  status: number;
  body?: object;
  /** It was done, and the connection is cut before the answer. */
  isLost?: boolean;
}

export interface Endpoint {
  method: Route['method'];
  path: string;
  /** The merchant's number of the order that a call is about. */
  about?(call: ApiCall): string | undefined;
  /** How long a request id is remembered; left out where the vendor keeps none. */
  repeatsForHours?: number;
  handle(call: ApiCall): ApiReply;
}

interface Repetition {
  id: string;
  reply: ApiReply;
  until: string;
}

export interface ApiParts {
  access: Access;
  book: Book;
  clock: Clock;
  dataDir: string | undefined;
  prefix: string;
}

const HOUR_MS = 3_600_000;
const REPETITIONS_MAX = 20_000;
const BODY_BYTES_MAX = 2 * 1024 * 1024;

export interface Api {
  routesOf(endpoints: readonly Endpoint[]): Route[];
  close(): void;
}

export function openApi(parts: ApiParts): Api {
  const { access, book, clock, dataDir, prefix } = parts;
  const repetitions = new Journal<Repetition>({
    path: dataDir === undefined ? undefined : join(dataDir, 'paypal-requests.jsonl'),
    recordsMax: REPETITIONS_MAX,
  });

  /** The same request id at the same address has the first answer, whatever it was. */
  function handleOnce(endpoint: Endpoint, call: ApiCall): ApiReply {
    const { repeatsForHours, path } = endpoint;
    if (call.requestId === undefined || repeatsForHours === undefined) return endpoint.handle(call);
    const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => call.params[name] ?? '');
    const id = `${address} ${call.requestId}`;
    const before = repetitions.get(id);
    if (before && Date.parse(before.until) > clock.now().getTime()) return before.reply;
    const reply = endpoint.handle(call);
    const until = new Date(clock.now().getTime() + repeatsForHours * HOUR_MS).toISOString();
    repetitions.put({ id, reply: { ...reply, isLost: false }, until });
    return reply;
  }

  async function replyTo(endpoint: Endpoint, exchange: Exchange): Promise<ApiReply> {
    const { request, params, query } = exchange;
    const text = (await readBody(request, BODY_BYTES_MAX)).toString('utf8');
    if (!access.allows(request)) return problem(401, 'AUTHENTICATION_FAILURE');
    const body = readObject(text);
    if (!body) return problem(400, 'INVALID_REQUEST', 'MALFORMED_REQUEST_JSON');
    const requestId = one(request.headers['paypal-request-id']);
    const isFull = one(request.headers.prefer)?.includes('return=representation') ?? false;
    const call: ApiCall = { params, query, body, text, requestId, isFull };
    const { answers } = book.steeringOf(endpoint.about?.(call) ?? '');
    if (answers === 'down') return problem(500, 'INTERNAL_SERVER_ERROR');
    const reply = handleOnce(endpoint, call);
    return answers === 'lost' ? { ...reply, isLost: true } : reply;
  }

  return {
    routesOf: (endpoints) =>
      endpoints.map((endpoint) => ({
        method: endpoint.method,
        path: prefix + endpoint.path,
        handle: async (exchange) => {
          const reply = await replyTo(endpoint, exchange);
          exchange.response.setHeader('date', clock.now().toUTCString());
          sendReply(exchange, reply);
        },
      })),
    close: () => repetitions.close(),
  };
}

/** A refusal: 422 for what the vendor's rules do not allow. */
export function problem(status: number, name: string, issue?: string): ApiReply {
  return {
    status,
    body: {
      name,
      message: 'The request was refused; see the details.',
      debug_id: randomBytes(7).toString('hex'),
      details: issue === undefined ? [] : [{ issue, description: issue.replaceAll('_', ' ') }],
      links: [],
    },
  };
}

export function refused(issue: string): ApiReply {
  return problem(422, 'UNPROCESSABLE_ENTITY', issue);
}

export const notThere: ApiReply = problem(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID');

function sendReply({ response }: Exchange, { status, body, isLost }: ApiReply): void {
  response.setHeader('paypal-debug-id', randomBytes(7).toString('hex'));
  if (isLost) response.destroy();
  else if (body) sendJson(response, status, body);
  else response.writeHead(status, { 'cache-control': 'no-store' }).end();
}

function readObject(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    // A patch is a list of changes.
    if (Array.isArray(value)) return { list: value };
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** A field of a body, when it is text. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function valueAt(value: unknown, ...path: string[]): unknown {
  let at: unknown = value;
  for (const name of path) at = isRecord(at) ? at[name] : undefined;
  return at;
}
