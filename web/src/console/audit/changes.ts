/** The old and new values of an entry side by side; what stayed the same is left out. */
import type { AuditEntry } from './Actor.tsx';

export interface Change {
  field: string;
  before: string;
  after: string;
}

const nothing = '–';

export function changesOf({
  old_values: before,
  new_values: after,
}: Pick<AuditEntry, 'old_values' | 'new_values'>): Change[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .map((field) => ({ field, before: written(before?.[field]), after: written(after?.[field]) }))
    .filter((change) => change.before !== change.after);
}

function written(value: unknown): string {
  if (value === undefined || value === null) return nothing;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
