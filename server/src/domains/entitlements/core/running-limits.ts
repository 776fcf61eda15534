/** What may be used of a plan's meters within a period that is running, where it differs from the plan's own limits. */
import type { Window } from '@sluice/contract/plans';

export interface RunningLimits {
  /** When the plan's own limits begin. */
  until: Date;
  limits: readonly RunningLimit[];
}

export interface RunningLimit {
  meterId: string;
  /** Of which of the plan's quotas on the meter; all of them where left out. */
  window?: Window;
  /** In the meter's smallest parts. */
  limit: bigint;
  /** Where it ends before the others do. */
  until?: Date;
}

interface Span {
  startsAt: Date;
  endsAt: Date | null;
}

/** The limits of one quota, one after the other: they meet, and none is empty. */
export function limitSpans(
  quota: { meterId: string; window: Window; limit: bigint | null },
  { startsAt, endsAt }: Span,
  running: RunningLimits | undefined,
): (Span & { limit: bigint | null })[] {
  const own = { startsAt, endsAt, limit: quota.limit };
  const other = running?.limits.find(
    ({ meterId, window = quota.window }) => meterId === quota.meterId && window === quota.window,
  );
  const until = other?.until ?? running?.until;
  if (!other || !until || until <= startsAt) return [own];
  if (endsAt !== null && until >= endsAt) return [{ ...own, limit: other.limit }];
  return [
    { startsAt, endsAt: until, limit: other.limit },
    { ...own, startsAt: until },
  ];
}
