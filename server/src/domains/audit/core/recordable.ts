/** What may stand in the log: plain JSON that the database can hold, with secrets masked by their names. */
import type { Json } from './canonical-json.ts';

const mask = '[masked]';

/** Compared without case, dashes and underscores, so that `apiKey`, `api_key` and `X-Api-Key` are one name. */
const secretNames = new Set([
  'authorization',
  'cookie',
  'key',
  'pin',
  'sign',
  'signature',
  'totp',
  'xapikey',
]);
const secretEndings =
  /(password|passwordhash|secret|token|apikey|privatekey|secretkey|credential|credentials)$/;

const depthMax = 8;

/** Values of a change as they are stored. */
export function recordable(values: Record<string, unknown>): { [name: string]: Json } {
  return recordObject(values, 0);
}

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return secretNames.has(plain) || secretEndings.test(plain);
}

function recordObject(values: object, depth: number): { [name: string]: Json } {
  const recorded: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const isHidden = isSecretName(name) && value !== null && typeof value !== 'boolean';
    recorded[storable(name)] = isHidden ? mask : recordValue(value, depth + 1);
  }
  return recorded;
}

function recordValue(value: unknown, depth: number): Json {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && depth < depthMax) {
    return Array.isArray(value)
      ? value.map((item) => recordValue(item, depth + 1))
      : recordObject(value, depth);
  }
  return storable(String(value));
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
