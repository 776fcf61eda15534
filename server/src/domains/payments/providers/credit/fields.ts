/**
 * Reads the fields of a notification, which live gateways send as GET and as POST alike. The signed text joins fields
 * with `&` and `=`, so it does not say where one ends: whatever could be read in two ways is refused.
 */
import type { Notification } from '../../provider.ts';

export type Fields = { readable: true; fields: Record<string, string> } | Unreadable;
interface Unreadable {
  readable: false;
  reason: string;
}

const fieldsMax = 20;
const valueLengthMax = 500;
/** A further field could swallow its neighbors in the signed text, so there is none. We never send `param`. */
const known = new Set([
  'pid',
  'trade_no',
  'out_trade_no',
  'type',
  'name',
  'money',
  'trade_status',
  'sign',
  'sign_type',
]);

/** Query and form body as one set of fields. */
export function readFields(notification: Notification): Fields {
  const body = readBody(notification);
  if (body === undefined) return refuse('the body is no UTF-8 form');
  const parts = [notification.query, body].flatMap((text) => text.split('&')).filter(Boolean);
  if (parts.length > fieldsMax) return refuse('there are too many fields');
  const fields = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = decode(at < 0 ? '' : part.slice(at + 1));
    if (name === undefined || value === undefined) return refuse('a field is not percent-encoded');
    if (fields.has(name)) return refuse('a field comes twice');
    if (value !== '' && !known.has(name)) return refuse('a field is unknown');
    if (value.length > valueLengthMax) return refuse('a field is too long');
    fields.set(name, value);
  }
  return { readable: true, fields: Object.fromEntries(fields) };
}

function readBody({ headers, body }: Notification): string | undefined {
  if (body.length === 0) return '';
  const type = String(headers['content-type'] ?? '').toLowerCase();
  if (!type.startsWith('application/x-www-form-urlencoded')) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function refuse(reason: string): Unreadable {
  return { readable: false, reason };
}
