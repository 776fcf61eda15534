import { paths } from '../../paths.ts';

/**
 * The address to go on to after signing in; only one of our own, never another host's. Browsers drop tabs and line
 * ends from an address and take `\` for `/`, so none of them may stand in it.
 */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\u{10ffff}]*$/u.test(next)
    ? next
    : paths.dashboard;
}
