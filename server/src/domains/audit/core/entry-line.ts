/** Entries as lines of a table that a spreadsheet opens. */
import { csvLine } from '../../../platform/csv.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { ChainedEntry } from './entry.ts';

export const entriesHeader = csvLine([
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
]);

export function entryLine(entry: ChainedEntry): string {
  return csvLine([
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
  ]);
}

function written(values: Json): string | null {
  return values === null ? null : canonicalJson(values);
}
