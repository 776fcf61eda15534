/** Finds the handler of a request: exact paths by one map lookup, paths with `{name}` parts by a short walk. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Handler, RequestError, sendJson } from './exchange.ts';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  handle: Handler;
}

interface PatternRoute extends Route {
  segments: string[];
}

export function createRouter(routes: Route[]) {
  const exact = new Map<string, Handler>();
  const patterns: PatternRoute[] = [];
  for (const route of routes) {
    if (route.path.includes('{')) patterns.push({ ...route, segments: route.path.split('/') });
    else exact.set(`${route.method} ${route.path}`, route.handle);
  }

  return function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const found = exact.get(`${method} ${path}`);
    const matched = found ? { handle: found, params: {} } : matchPattern(patterns, method, path);
    if (!matched) {
      sendJson(response, 404, { error: { message: `The sandbox has no ${method} ${path}.` } });
      return;
    }
    const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
    run(matched.handle, { request, response, path, query, params: matched.params });
  };
}

function run(handle: Handler, exchange: Parameters<Handler>[0]): void {
  try {
    const pending = handle(exchange);
    if (pending) pending.catch((error: unknown) => answerError(exchange.response, error));
  } catch (error) {
    answerError(exchange.response, error);
  }
}

function answerError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof RequestError)) console.error(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof RequestError ? error.status : 500;
  const message =
    error instanceof RequestError ? error.message : 'The sandbox failed; see its log.';
  if (status === 413) response.setHeader('connection', 'close');
  sendJson(response, status, { error: { message } });
}

function matchPattern(patterns: PatternRoute[], method: string | undefined, path: string) {
  const segments = path.split('/');
  for (const route of patterns) {
    if (route.method !== method || route.segments.length !== segments.length) continue;
    const params = matchSegments(route.segments, segments);
    if (params) return { handle: route.handle, params };
  }
  return undefined;
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = decode(actual);
    else if (expected !== actual) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RequestError(400, 'The path is not percent-encoded UTF-8.');
  }
}
