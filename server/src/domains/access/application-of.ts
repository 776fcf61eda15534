import { invariant } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';

/** Which application calls; the authorization table lets nobody else in. */
export function applicationOf(caller: Caller): string {
  invariant(caller.kind === 'application', 'an application calls');
  return caller.applicationId;
}
