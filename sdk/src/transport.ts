/** One call to Sluice: with a deadline over all tries, and tries again where that cannot do anything twice. */
import { errorOfAnswer, SluiceError, SluiceUnavailableError } from './errors.ts';

export interface Connection {
  /** Address of the deployment, such as https://sluice.example.com. */
  baseUrl: string;
  /** `ak-…`, from the application's page or POST /api/v1/admin/applications/{id}/keys. */
  applicationKey: string;
  /** For all tries of one call together. */
  timeoutMs: number;
  /** For one try. */
  attemptTimeoutMs: number;
  fetch: typeof globalThis.fetch;
}

export interface Call {
  operation: readonly [method: string, path: string];
  body?: unknown;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  /** 1 for what must not happen twice. */
  attemptsMax?: number;
  timeoutMs?: number;
}

export type Send = <T>(call: Call) => Promise<T>;

const attemptsMaxDefault = 4;
const firstDelayMs = 100;
const delayMaxMs = 10_000;

/** Every operation is idempotent by the id in it, so a try whose answer was lost may be repeated. */
export function createSend(connection: Connection): Send {
  return async <T>(call: Call): Promise<T> => {
    const deadline = Date.now() + (call.timeoutMs ?? connection.timeoutMs);
    const attemptsMax = call.attemptsMax ?? attemptsMaxDefault;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await attemptOnce(connection, call, deadline)) as T;
      } catch (error) {
        if (!isWorthRepeating(error) || attempt >= attemptsMax) throw error;
        const delayMs = delayBefore(attempt, error.retryAfterSeconds);
        if (Date.now() + delayMs >= deadline) throw error;
        await sleep(delayMs);
      }
    }
  };
}

/** Exponential with full jitter, so that many callers do not come back together; never before Sluice asked for it. */
export function delayBefore(attempt: number, retryAfterSeconds = 0, random = Math.random): number {
  const ceilingMs = Math.min(delayMaxMs, firstDelayMs * 2 ** (attempt - 1));
  return retryAfterSeconds * 1000 + Math.ceil(random() * ceilingMs);
}

export function isWorthRepeating(error: unknown): error is SluiceError {
  if (error instanceof SluiceUnavailableError) return true;
  return error instanceof SluiceError && error.code === 'too_many_requests';
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface Nap {
  sleep(ms: number): Promise<void>;
  /** Ends the sleep that is on, if one is. */
  wake(): void;
}

export function createNap(): Nap {
  let wake = () => {};
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}

async function attemptOnce(connection: Connection, call: Call, deadline: number): Promise<unknown> {
  const [method] = call.operation;
  const abort = new AbortController();
  const limitMs = Math.max(1, Math.min(connection.attemptTimeoutMs, deadline - Date.now()));
  const timer = setTimeout(() => abort.abort(), limitMs);
  let response: Response;
  let body: unknown;
  try {
    response = await connection.fetch(addressOf(connection, call), {
      method,
      headers: {
        authorization: `Bearer ${connection.applicationKey}`,
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: abort.signal,
    });
    body = parsed(await response.text());
  } catch (cause) {
    const what = abort.signal.aborted ? `did not answer within ${limitMs} ms` : 'cannot be reached';
    throw new SluiceUnavailableError('unavailable', `Sluice ${what} at ${connection.baseUrl}.`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
  if (response.ok && body !== undefined) return body;
  throw errorOfAnswer(response.status, body, response.headers);
}

function addressOf({ baseUrl }: Connection, { operation, query = {} }: Call): string {
  const [, path] = operation;
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return baseUrl.replace(/\/+$/, '') + path + search;
}

/** Something in between may answer a page of its own. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
