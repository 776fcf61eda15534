/**
 * One way to the server: `call('purchasePackage', { params, body })`, typed by the contract. The session travels in
 * HttpOnly cookies; when the short access token has run out, it is renewed once and the call repeated.
 */

import { endpoints } from 'virtual:endpoints';
import type { Operation } from '@sluice/contract';
import { authorization } from '@sluice/contract/authorization';
import type { ErrorBody } from '@sluice/contract/conventions';
import type {
  AnswerOf,
  BodyInputOf,
  Endpoint,
  ParamsOf,
  QueryInputOf,
} from '@sluice/contract/endpoint';
import { chosenOrganization } from './acting-organization.ts';
import { ApiError } from './api-error.ts';
import type { Contract } from './contract.ts';

type Part<Name extends string, T> = [T] extends [undefined]
  ? Record<never, never>
  : Record<never, never> extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T };

export type RequestOf<E extends Endpoint> = Part<'params', ParamsOf<E>> &
  Part<'query', QueryInputOf<E>> &
  Part<'body', BodyInputOf<E>> & { idempotencyKey?: string; signal?: AbortSignal };

export type Answer<O extends Operation> = AnswerOf<Contract<O>>;
export type Request<O extends Operation> = RequestOf<Contract<O>>;
type Arguments<O extends Operation> =
  Record<never, never> extends Request<O> ? [request?: Request<O>] : [request: Request<O>];

export async function call<O extends Operation>(
  operation: O,
  ...[request]: Arguments<O>
): Promise<Answer<O>> {
  const response = await answerOf(operation, request ?? {});
  // What answers 202 or 204 has nothing to say.
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer<O>;
}

/** A file that an operation answers, with the name that the server gives it. */
export async function callFile<O extends Operation>(
  operation: O,
  ...[request]: Arguments<O>
): Promise<{ name: string; content: Blob }> {
  const response = await answerOf(operation, request ?? {});
  const [, name] = /filename="([^"]+)"/.exec(nameHeaderOf(response)) ?? [];
  return { name: name ?? operation, content: await response.blob() };
}

function nameHeaderOf(response: Response): string {
  return response.headers.get('content-disposition') ?? '';
}

async function answerOf(operation: Operation, request: object): Promise<Response> {
  const wire = toWire(operation, request as WireRequest);
  let response = await send(wire);
  if (response.status === 401 && !signInOperations.has(operation) && (await renewSession())) {
    response = await send(wire);
  }
  if (!response.ok) throw await toError(response);
  return response;
}

/** Operations whose 401 is about what was typed, not about the session. */
const signInOperations: ReadonlySet<Operation> = new Set([
  'login',
  'signInWithPasskey',
  'refreshSession',
  'logout',
]);

/** Anyone may ask; an organization is told what it has agreed to. */
const pricedOperations: ReadonlySet<Operation> = new Set(['listModels', 'listPlans']);

interface WireRequest {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

interface Wire {
  url: string;
  init: RequestInit;
}

function toWire(operation: Operation, request: WireRequest): Wire {
  const { method, path } = endpoints[operation];
  const headers: Record<string, string> = { accept: 'application/json' };
  const organization = chosenOrganization();
  // What a person does whatever the organization must work where they are no longer a member of it.
  if (organization && (authorization[operation].permission || pricedOperations.has(operation))) {
    headers['sluice-organization'] = organization;
  }
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.idempotencyKey) headers['idempotency-key'] = request.idempotencyKey;
  return {
    url: fillPath(path, request.params) + queryString(request.query),
    init: {
      method,
      headers,
      credentials: 'same-origin',
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      ...(request.signal && { signal: request.signal }),
    },
  };
}

function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryString(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size > 0 ? `?${search}` : '';
}

async function send({ url, init }: Wire): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError({ code: 'unreachable', message: 'The server did not answer.', status: 0 });
  }
}

async function toError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  const requestId = body?.error?.request_id ?? response.headers.get('x-request-id') ?? undefined;
  if (!body?.error) {
    const code = response.status >= 500 ? 'unavailable' : 'not_found';
    return new ApiError({ code, message: response.statusText, status: response.status, requestId });
  }
  const { code, message, param, details } = body.error;
  return new ApiError({
    code: code as ApiError['code'],
    message,
    status: response.status,
    param,
    requestId,
    details,
  });
}

let renewal: Promise<boolean> | undefined;

/** Calls that meet the expired token together share one renewal: a refresh token works once. */
function renewSession(): Promise<boolean> {
  renewal ??= send(toWire('refreshSession', { body: {} }))
    .then((response) => response.ok)
    .catch(() => false)
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}
