/** What the end of a call says of the service: served, failed, or nothing, because it was the caller's own doing. */
import type { CallRefusal, RefusalKind } from './call-refusal.ts';

export type Ending = 'served' | 'failed_here' | 'failed_upstream';

/** Kinds of refusals that are nobody's fault but ours, or our upstreams'. */
const faults: ReadonlySet<RefusalKind> = new Set(['server', 'overloaded', 'rate_limit']);

/** Of a call that was refused before any upstream was asked: a rate that its caller reached is the caller's. */
export function endingHere(refusal: CallRefusal): Ending | undefined {
  return refusal.status >= 500 ? 'failed_here' : undefined;
}

/** Of a call that no upstream served: one that is too busy for us is our failure, whatever status that is told with. */
export function endingUpstream(refusal: CallRefusal): Ending | undefined {
  return faults.has(refusal.kind) ? 'failed_upstream' : undefined;
}
