/** What may stand in the log: plain JSON that the database can hold, without secrets and without others' contacts. */
import type { Json } from './canonical-json.ts';
import { withoutContacts } from './contacts.ts';
import { mask, withoutSecrets } from './secret-shapes.ts';

/** Compared without case, dashes and underscores, so that `apiKey`, `api_key` and `X-Api-Key` are one name. */
const secretNames = new Set([
  'authorization',
  'cookie',
  'cvc',
  'cvv',
  'key',
  'otp',
  'pin',
  'recoverycodes',
  'sign',
  'signature',
  'totp',
  'xapikey',
]);
const secretEndings =
  /(password|passwordhash|passphrase|secret|token|apikey|privatekey|secretkey|credential|credentials|otpauthurl)$/;

/** Records that are a person's or a company's own: their contacts stand in full, for they are what is recorded. */
const kindsWithContacts = new Set(['user', 'organization']);

const depthMax = 8;

/** Values of a change as they are stored. */
export function recordable(
  values: Record<string, unknown>,
  resourceKind?: string,
): { [name: string]: Json } {
  const isOwn = resourceKind !== undefined && kindsWithContacts.has(resourceKind);
  return recordObject(values, { depth: 0, isOwn });
}

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return secretNames.has(plain) || secretEndings.test(plain);
}

interface Place {
  depth: number;
  /** Whether mail addresses and phone numbers may stay. */
  isOwn: boolean;
}

function recordObject(values: object, place: Place): { [name: string]: Json } {
  const recorded: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const isHidden = isSecretName(name) && value !== null && typeof value !== 'boolean';
    const inside = { ...place, depth: place.depth + 1 };
    recorded[readable(name, place)] = isHidden ? mask : recordValue(value, inside);
  }
  return recorded;
}

function recordValue(value: unknown, place: Place): Json {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return readable(value, place);
  // An amount is no card number, however it looks.
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && place.depth < depthMax) {
    return Array.isArray(value)
      ? value.map((item) => recordValue(item, { ...place, depth: place.depth + 1 }))
      : recordObject(value, place);
  }
  return readable(String(value), place);
}

function readable(text: string, { isOwn }: Place): string {
  const open = withoutSecrets(storable(text));
  return isOwn ? open : withoutContacts(open);
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
