/** When a quota runs out, if what is used of it goes on as it went since its window began. */
import type { Answer } from '../../api/call.ts';
import { toNanos } from '../../ui/decimal.ts';

type Quota = Answer<'listQuotas'>['data'][number];

export interface RunsOut {
  quota: Quota;
  /** Before the window is over; now, where nothing is left. */
  at: Date;
}

const lengths: Partial<Record<NonNullable<Quota['window']>, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  month: 30.4 * 86_400_000,
  year: 365 * 86_400_000,
};

/** Those that run out before they begin anew, the first of them first. A window that has hardly begun says nothing. */
export function findRunningOut(quotas: readonly Quota[], now: Date): RunsOut[] {
  return quotas
    .flatMap((quota) => runsOut(quota, now) ?? [])
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

const elapsedLeast = 0.1;

function runsOut(quota: Quota, now: Date): RunsOut | undefined {
  const { limit, used, reserved, resets_at, window } = quota;
  if (limit === null) return undefined;
  const gone = toNanos(used) + toNanos(reserved);
  if (gone >= toNanos(limit)) return { quota, at: now };
  const length = window && lengths[window];
  if (!length || resets_at === null) return undefined;
  const left = Date.parse(resets_at) - now.getTime();
  const elapsed = length - left;
  if (elapsed < length * elapsedLeast || toNanos(used) === 0n) return undefined;
  const pace = Number(toNanos(used)) / elapsed;
  const untilMs = Number(toNanos(limit) - gone) / pace;
  return untilMs < left ? { quota, at: new Date(now.getTime() + untilMs) } : undefined;
}
