/** One request and its answer, with what every part of the sandbox needs: the path, the query, the body, the ways to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: URLSearchParams;
  /** What the `{name}` parts of the route's path matched, decoded. */
  params: Record<string, string>;
}

export type Handler = (exchange: Exchange) => void | Promise<void>;

/** The request cannot be served; the status and the sentence are sent as they are. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const SMALL_BODY_BYTES_MAX = 256 * 1024;

/** The raw body, refused once it grows past the limit. */
export function readBody(
  request: IncomingMessage,
  bytesMax: number = SMALL_BODY_BYTES_MAX,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > bytesMax) {
        request.pause();
        reject(new RequestError(413, `The body is larger than ${bytesMax} bytes.`));
        return;
      }
      parts.push(part);
    });
    request.on('end', () =>
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)),
    );
    request.on('error', () => reject(new RequestError(400, 'The body did not arrive in full.')));
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object; an empty body is an empty object. */
export async function readJsonObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request)).toString('utf8');
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (!isRecord(value)) throw new RequestError(400, 'Send a JSON object.');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

export function sendHtml(response: ServerResponse, status: number, page: string): void {
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.setHeader('referrer-policy', 'no-referrer');
  send(response, status, 'text/html; charset=utf-8', page);
}

/** No `form-action`: browsers apply it to the redirect after a form too, and the pay page must lead back to the shop. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'";

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

export function redirect(response: ServerResponse, status: 302 | 303, location: string): void {
  response.writeHead(status, { location, 'content-length': 0, 'cache-control': 'no-store' });
  response.end();
}
