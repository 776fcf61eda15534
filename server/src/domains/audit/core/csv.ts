/** Lines of a table that a spreadsheet opens. https://www.rfc-editor.org/rfc/rfc4180 */
import { canonicalJson, type Json } from './canonical-json.ts';
import type { ChainedEntry } from './entry.ts';

export const csvHeader = `${[
  'id',
  'time',
  'organization',
  'actor_kind',
  'actor',
  'action',
  'resource_kind',
  'resource',
  'old_values',
  'new_values',
  'ip',
  'user_agent',
  'request_id',
].join(',')}\r\n`;

export function csvLine(entry: ChainedEntry): string {
  const fields = [
    entry.id,
    entry.createdAt.toISOString(),
    entry.organizationId,
    entry.actorKind,
    entry.actorId,
    entry.action,
    entry.resourceKind,
    entry.resourceId,
    written(entry.oldValues),
    written(entry.newValues),
    entry.ip,
    entry.userAgent,
    entry.requestId,
  ];
  return `${fields.map(csvField).join(',')}\r\n`;
}

function written(values: Json): string | null {
  return values === null ? null : canonicalJson(values);
}

/**
 * A spreadsheet would take a field for a formula that begins with one of these, spaces before it or not; an apostrophe
 * makes it text. https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^\s*[=+\-@\t\r\n＝＋－＠]/;

export function csvField(text: string | null): string {
  if (text === null) return '';
  const safe = formula.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
