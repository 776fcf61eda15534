/** Structured logs on stdout, one JSON object a line, with secrets scrubbed by name. */
import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'> & {
  child(bindings: object): Log;
};

const secretNames = [
  'password',
  'key',
  'api_key',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'sign',
  'totp',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
];

/** Paths are two levels deep: fields of the entry itself and of the objects in it (headers, body, settings). */
const redactPaths = secretNames.flatMap((name) => [
  `["${name}"]`,
  `*["${name}"]`,
  `*.*["${name}"]`,
]);

/** Log of the process; `level` is one of pino's, `silent` among them. */
export function createLog(level: string, destination?: NodeJS.WritableStream): Logger {
  const options = { level, redact: { paths: redactPaths, censor: '[scrubbed]' }, base: null };
  return destination ? pino(options, destination) : pino(options);
}

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
type Sayers = Record<Level, (first: unknown, ...rest: unknown[]) => void>;

/**
 * The log of one request: every line carries its id. It costs one object, where a child of the library's would scrub its
 * fields anew.
 */
class RequestLog implements Sayers {
  readonly #log: Sayers;
  readonly #requestId: string;
  readonly #bindings: object;

  constructor(log: Sayers, requestId: string, bindings: object = {}) {
    this.#log = log;
    this.#requestId = requestId;
    this.#bindings = bindings;
  }

  trace(first: unknown, ...rest: unknown[]): void {
    this.#say('trace', first, rest);
  }

  debug(first: unknown, ...rest: unknown[]): void {
    this.#say('debug', first, rest);
  }

  info(first: unknown, ...rest: unknown[]): void {
    this.#say('info', first, rest);
  }

  warn(first: unknown, ...rest: unknown[]): void {
    this.#say('warn', first, rest);
  }

  error(first: unknown, ...rest: unknown[]): void {
    this.#say('error', first, rest);
  }

  fatal(first: unknown, ...rest: unknown[]): void {
    this.#say('fatal', first, rest);
  }

  child(bindings: object): RequestLog {
    return new RequestLog(this.#log, this.#requestId, { ...this.#bindings, ...bindings });
  }

  #say(level: Level, first: unknown, rest: unknown[]): void {
    const own = { requestId: this.#requestId, ...this.#bindings };
    if (typeof first === 'string') this.#log[level](own, first, ...rest);
    else if (first instanceof Error) this.#log[level]({ ...own, err: first }, ...rest);
    else this.#log[level]({ ...own, ...(first as object) }, ...rest);
  }
}

/** The same log, with a request's id on every line. */
export function logOfRequest<L extends Log>(log: L, requestId: string): L {
  return new RequestLog(log as unknown as Sayers, requestId) as unknown as L;
}
