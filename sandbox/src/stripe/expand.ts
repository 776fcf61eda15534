/** Puts objects where there are names of them, as `expand` asks. */
import { type Books, findObject } from './books.ts';
import { invalid } from './problem.ts';

const depthMax = 4;

/** A copy: what is kept holds names only. */
export function expand(books: Books, object: object, paths: readonly string[]): object {
  const copy = structuredClone(object);
  for (const path of paths) {
    const parts = path.split('.');
    if (parts.length > depthMax) {
      throw invalid('You cannot expand more than 4 levels of a property.', { param: 'expand' });
    }
    expandPath(books, copy, parts);
  }
  return copy;
}

function expandPath(books: Books, object: object, [part, ...rest]: string[]): void {
  if (part === undefined) return;
  const fields = object as Record<string, unknown>;
  if (!(part in fields)) {
    throw invalid(`This property cannot be expanded (${part}).`, { param: 'expand' });
  }
  const value = fields[part];
  if (Array.isArray(value)) {
    for (const each of value) expandPath(books, each, rest);
    return;
  }
  if (typeof value === 'string') {
    const found = findObject(books, value);
    if (found) fields[part] = structuredClone(found);
  }
  const inner = fields[part];
  if (typeof inner === 'object' && inner !== null) expandPath(books, inner, rest);
}
