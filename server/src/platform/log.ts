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
