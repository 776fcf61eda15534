/**
 * Search parameters are plain text: the router's own reading as JSON would turn a token of digits into a number.
 * A route names those it knows; everything else in an address is dropped.
 */
import { parseSearchWith, stringifySearchWith } from '@tanstack/react-router';

export const parseSearch = parseSearchWith((text) => text);
export const stringifySearch = stringifySearchWith(String);

export function searchOf<const Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>): { [K in Name]?: string } => {
    const known = names.flatMap((name) => {
      const value = search[name];
      return value === undefined || value === '' ? [] : [[name, String(value)]];
    });
    return Object.fromEntries(known);
  };
}
