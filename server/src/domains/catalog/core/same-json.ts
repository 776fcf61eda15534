/** Whether two values are the same as JSON; the order of an object's fields says nothing. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return writeCanonical(a) === writeCanonical(b);
}

/** The same text for the same value. */
export function writeCanonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}
