import { paths } from '../../paths.ts';

/** The address to go on to after signing in; only one of our own, never another host's. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !/^\/[/\\]/.test(next) ? next : paths.dashboard;
}
