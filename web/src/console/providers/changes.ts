/** What a provider's form sends: only what was changed, so that defaults stay defaults and secrets stay secret. */
import type { Answer, Request } from '../../api/call.ts';

export type Field = Answer<'getProvider'>['fields'][number];
type Changes = NonNullable<NonNullable<Request<'updateProvider'>['body']>['settings']>;
type Value = NonNullable<Field['value']>;

export interface SettingsForm {
  settings: Record<string, Value | undefined>;
}

export function valuesOf(fields: Field[]): SettingsForm['settings'] {
  return Object.fromEntries(fields.map((field) => [field.key, shownValue(field)]));
}

/** An emptied field goes back to its default; an empty secret is left as it is. */
export function changesOf(fields: Field[], written: SettingsForm['settings']): Changes {
  const changes: Changes = {};
  for (const field of fields) {
    const value = written[field.key] ?? '';
    if (field.kind === 'secret') {
      if (value !== '') changes[field.key] = value;
    } else if (!isSame(value, shownValue(field))) {
      changes[field.key] = value === '' ? null : value;
    }
  }
  return changes;
}

function shownValue({ kind, value }: Field): Value {
  if (value !== null) return value;
  if (kind === 'boolean') return false;
  return kind === 'rates' ? {} : '';
}

function isSame(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
