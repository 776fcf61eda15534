/**
 * Reads the form of a notification. Alipay signs the fields joined with `&` and `=`, unescaped, so that text does not
 * say where one ends: whatever could be read in two ways is refused before its signature is looked at.
 */
import type { Notification } from '../../provider.ts';

export type Fields = Readonly<Record<string, string>>;
export type ReadFields = { readable: true; fields: Fields } | { readable: false; reason: string };

const bodyBytesMax = 64 * 1_024;
const fieldsMax = 80;
const nameForm = /^[a-z][a-z0-9_]{0,63}$/;
/** A value that could hold a field of its own. */
const swallowedField = /&[a-z][a-z0-9_]*=/;

export function readFields({ method, query, headers, body }: Notification): ReadFields {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  if (method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) {
    return refuse('it is no posted form');
  }
  if (query !== '') return refuse('its address was given a query');
  if (body.length > bodyBytesMax) return refuse('it is too long');
  const text = decodeUtf8(body);
  if (text === undefined) return refuse('it is not UTF-8');
  const parts = text.split('&').filter(Boolean);
  if (parts.length > fieldsMax) return refuse('there are too many fields');
  const fields = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = decode(at < 0 ? '' : part.slice(at + 1));
    if (name === undefined || value === undefined) return refuse('a field is not percent-encoded');
    if (!nameForm.test(name)) return refuse('a field has no name of Alipay’s');
    if (fields.has(name)) return refuse('a field comes twice');
    if (swallowedField.test(value)) return refuse('a field could be two');
    fields.set(name, value);
  }
  return { readable: true, fields: Object.fromEntries(fields) };
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
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

function refuse(reason: string): ReadFields {
  return { readable: false, reason };
}
