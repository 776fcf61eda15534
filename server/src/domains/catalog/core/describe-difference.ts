/** What differs between two entries of the catalog's file, field by field, in words. */
import type { IntervalUnit } from '@sluice/contract/offers';
import type { z } from 'zod';
import { cycleOf } from './offer.ts';
import type { Entry } from './pricing-entries.ts';
import { isSameJson } from './same-json.ts';

/** Null where there is nothing on that side: a part was added or removed. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

export function describeDifference(before: Entry, after: Entry, under = ''): FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field): FieldChange[] => {
    const [from, to] = [before[field], after[field]];
    if (isSameJson(from, to)) return [];
    const name = `${under}${field}`;
    if (isParts(from) && isParts(to)) return differencesOfParts(field, { from, to }, name);
    if (isEntry(from) && isEntry(to)) return describeDifference(from, to, `${name} `);
    return [{ field: name, from: writeSide(field, from), to: writeSide(field, to) }];
  });
}

/** `changed`, as one line for a person. */
export function writeFieldChange({ field, from, to }: FieldChange): string {
  if (from === null) return `${field}: added (${to})`;
  if (to === null) return `${field}: removed (${from})`;
  return `${field}: ${from} → ${to}`;
}

/** Parts are known by what they are for, not by their place: a price by its currency and cycle. */
function differencesOfParts(
  list: string,
  { from, to }: { from: readonly Entry[]; to: readonly Entry[] },
  name: string,
): FieldChange[] {
  const [before, after] = [named(list, from), named(list, to)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const changes = keys.flatMap((key): FieldChange[] => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old && now) return describeDifference(old, now, `${name} ${key} `);
    return [
      { field: `${name} ${key}`, from: old ? write(old) : null, to: now ? write(now) : null },
    ];
  });
  const orders = [before, after].map((parts) =>
    [...parts.keys()].filter((key) => before.has(key) && after.has(key)).join(', '),
  );
  const [oldOrder = '', newOrder = ''] = orders;
  if (oldOrder !== newOrder) changes.push({ field: `${name} order`, from: oldOrder, to: newOrder });
  return changes;
}

function named(list: string, parts: readonly Entry[]): Map<string, Entry> {
  const result = new Map<string, Entry>();
  for (const [index, part] of parts.entries()) {
    const key = nameOfPart(list, part) ?? String(index + 1);
    result.set(result.has(key) ? `${key} (${index + 1})` : key, part);
  }
  return result;
}

function nameOfPart(list: string, part: Entry): string | undefined {
  const { meter, model, window, anchor, currency } = part;
  if (list === 'prices') {
    const unit = part.interval as z.output<typeof IntervalUnit>;
    return `${currency} ${cycleOf(unit, Number(part.interval_count ?? 1))}`;
  }
  if (list === 'quotas') {
    return `${meter} by the ${window}${anchor === 'subscription' ? ' of the subscription' : ''}`;
  }
  if (list === 'charges') return `${meter} ${model}${currency ? ` in ${currency}` : ''}`;
  return undefined;
}

function isParts(value: unknown): value is Entry[] {
  return Array.isArray(value) && value.every(isEntry);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeSide(field: string, value: unknown): string | null {
  if (value === undefined) return null;
  return value === null && field === 'limit' ? 'unlimited' : write(value);
}

function write(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(write).join(', ');
  if (!isEntry(value)) return String(value);
  const said = Object.entries(value).filter(([, part]) => part !== null);
  return said.map(([field, part]) => `${field} ${write(part)}`).join(', ');
}
