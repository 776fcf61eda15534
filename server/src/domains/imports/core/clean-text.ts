/** Text of other systems, which have stored whatever they were sent. */
import { Email } from '@sluice/contract/identity';

/** Without what no text has, NUL above all, which PostgreSQL refuses; on one line, and no longer than `max`. */
export function cleanText(text: string | null | undefined, max: number): string | null {
  if (text === null || text === undefined) return null;
  const clean = [...text.replace(/\p{Cc}+/gu, ' ').trim()].slice(0, max).join('');
  return clean === '' ? null : clean;
}

/** A mail address in the form that it is kept in; null for what is none. */
export function cleanEmail(text: string | null | undefined): string | null {
  const address = text?.trim().toLowerCase();
  if (address === undefined || address === '') return null;
  return Email.safeParse(address).success ? address : null;
}

const usernamePattern = /^[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]$/i;

/** A user name as one can be had here; null for any other, whose person signs in by mail address. */
export function cleanUsername(text: string | null | undefined): string | null {
  const name = text?.trim();
  return name !== undefined && usernamePattern.test(name) ? name : null;
}

const tagPattern = /^[A-Za-z0-9_.:=@-]{1,60}$/;
const tagsMax = 10;

/** Tags as calls may have them, and whether that is all of them. */
export function cleanTags(tags: readonly string[]): { tags: string[]; isAll: boolean } {
  const fitting = [...new Set(tags.filter((tag) => tagPattern.test(tag)))].sort();
  return { tags: fitting.slice(0, tagsMax), isAll: fitting.length === tags.length };
}
