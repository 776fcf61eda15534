/**
 * Filters with blanks for what people type. A blank is filled in the parsed tree, never in the text: whatever somebody
 * types is compared as it is and cannot become a part of the filter (RFC 4515 needs no escaping here).
 */
import type { Filter } from 'ldapts';

export type Ldap = typeof import('ldapts');

/**
 * Parses a filter such as `(uid={login})` and fills its blanks.
 * @throws Error where the text is no filter, or a blank stands where no value can.
 */
export function fillFilter(
  ldap: Ldap,
  template: string,
  values: Readonly<Record<string, string>>,
): Filter {
  const filter = ldap.FilterParser.parseString(template);
  fill(ldap, filter, values);
  return filter;
}

function fill(ldap: Ldap, filter: Filter, values: Readonly<Record<string, string>>): void {
  if (filter instanceof ldap.AndFilter || filter instanceof ldap.OrFilter) {
    for (const part of filter.filters) fill(ldap, part, values);
    return;
  }
  if (filter instanceof ldap.NotFilter) {
    fill(ldap, filter.filter, values);
    return;
  }
  if (
    filter instanceof ldap.EqualityFilter ||
    filter instanceof ldap.ApproximateFilter ||
    filter instanceof ldap.ExtensibleFilter
  ) {
    filter.value = filled(String(filter.value), values);
    return;
  }
  if (blanksOf(filter.toString()).length > 0) {
    throw new Error(`A blank such as {login} can only stand for a whole value: ${filter}`);
  }
}

/** A value is a blank as a whole, or has none. */
function filled(value: string, values: Readonly<Record<string, string>>): string {
  const [blank] = blanksOf(value);
  if (blank === undefined) return value;
  const replacement = values[blank];
  if (value !== `{${blank}}` || replacement === undefined) {
    throw new Error(`There is no blank ${value}: write one of ${namesOf(values)} alone.`);
  }
  return replacement;
}

function blanksOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

function namesOf(values: Readonly<Record<string, string>>): string {
  return Object.keys(values)
    .map((name) => `{${name}}`)
    .join(', ');
}
