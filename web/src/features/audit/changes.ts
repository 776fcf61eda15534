/** The old and new values of an entry side by side, to the single field; what stayed the same is left out. */
import type { AuditEntry } from './Actor.tsx';

export interface Change {
  /** Such as `settings.pid`. */
  field: string;
  before: string;
  after: string;
}

const nothing = '–';

export function changesOf({
  old_values: before,
  new_values: after,
}: Pick<AuditEntry, 'old_values' | 'new_values'>): Change[] {
  const old = fieldsOf(before);
  const now = fieldsOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((field) => ({ field, before: written(old.get(field)), after: written(now.get(field)) }))
    .filter((change) => change.before !== change.after);
}

/** Fields within fields under their path; a list is one value. */
function fieldsOf(value: unknown, path = ''): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  if (!isObject(value)) return fields;
  for (const [name, inner] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    const isEmpty = isObject(inner) && Object.keys(inner).length === 0;
    if (!isObject(inner) || isEmpty) fields.set(field, inner);
    else for (const [deeper, leaf] of fieldsOf(inner, field)) fields.set(deeper, leaf);
  }
  return fields;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  if (value === undefined || value === null) return nothing;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
