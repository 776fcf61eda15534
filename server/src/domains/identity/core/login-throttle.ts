/**
 * How long to wait after failed sign-ins. A few mistakes are free; from then on each doubles the wait. The wait of an
 * account is short, for anyone can cause it; the wait of an address is longer.
 */

export interface Attempts {
  /** Failures so far, the attempt that is beginning not included. */
  failures: number;
  lastFailedAt: Date;
}

interface Limit {
  freeFailures: number;
  waitMaxMs: number;
}

export const limits = {
  account: { freeFailures: 5, waitMaxMs: 5 * 60_000 },
  address: { freeFailures: 50, waitMaxMs: 15 * 60_000 },
} as const satisfies Record<string, Limit>;

/** Failures older than this are forgotten. */
export const memoryMs = 3_600_000;

const firstWaitMs = 1000;

/** Milliseconds until the next attempt is taken; 0: now. */
export function waitMs(limit: Limit, attempts: Attempts | undefined, now: Date): number {
  if (!attempts || attempts.failures < limit.freeFailures) return 0;
  const doublings = Math.min(attempts.failures - limit.freeFailures, 30);
  const wait = Math.min(firstWaitMs * 2 ** doublings, limit.waitMaxMs);
  return Math.max(0, attempts.lastFailedAt.getTime() + wait - now.getTime());
}

/** Sign-ups and forgotten passwords of an address are counted over so long. */
export const attemptWindowMs = 3_600_000;
