/**
 * PostgreSQL's array literals, written and read directly: the driver's general way costs several times as much, and a
 * batch has a thousand elements. https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */

/** Elements that need no quotes: ids, numbers, booleans, instants; null is allowed. */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  let text = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ',';
    text += value === null ? 'null' : value;
  }
  return `${text}}`;
}

/** Any text, or null. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'null' : quote(value))).join(',')}}`;
}

export function instantArray(values: readonly Date[]): string {
  return plainArray(values.map((value) => value.toISOString()));
}

/** Reads an array whose elements need no quotes; `NULL` is null. */
export function readArray(text: string | null): (string | null)[] {
  if (text === null || text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((element) => (element === 'NULL' ? null : element));
}

const simpleText = /^[A-Za-z0-9_.:/-]+$/;

function quote(text: string): string {
  if (simpleText.test(text) && text.toLowerCase() !== 'null') return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
