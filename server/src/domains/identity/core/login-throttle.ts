/**
 * How long to wait after failed sign-ins. A few mistakes are free; from then on each doubles the wait. The wait of an
 * account is short, for anyone can cause it; the wait of an address is longer. Wrong codes of a second factor are made
 * by whoever knows the password: they are remembered for a day, so that six digits are not guessed in a year.
 */

export interface Attempts {
  /** Failures so far, the attempt that is beginning not included. */
  failures: number;
  lastFailedAt: Date;
}

export interface AttemptLimit {
  freeFailures: number;
  waitMaxMs: number;
  /** Failures older than this are forgotten. */
  memoryMs: number;
}

const hourMs = 3_600_000;

export const limits = {
  account: { freeFailures: 5, waitMaxMs: 5 * 60_000, memoryMs: hourMs },
  address: { freeFailures: 50, waitMaxMs: 15 * 60_000, memoryMs: hourMs },
  code: { freeFailures: 5, waitMaxMs: hourMs, memoryMs: 24 * hourMs },
} as const satisfies Record<string, AttemptLimit>;

/** Failures older than this are forgotten, whatever they were about. */
export const memoryMaxMs = limits.code.memoryMs;

const firstWaitMs = 1000;

/** Milliseconds until the next attempt is taken; 0: now. */
export function waitMs(limit: AttemptLimit, attempts: Attempts | undefined, now: Date): number {
  if (!attempts || attempts.failures < limit.freeFailures) return 0;
  const doublings = Math.min(attempts.failures - limit.freeFailures, 30);
  const wait = Math.min(firstWaitMs * 2 ** doublings, limit.waitMaxMs);
  return Math.max(0, attempts.lastFailedAt.getTime() + wait - now.getTime());
}

/** Failures that are still remembered. */
export function rememberedFailures(limit: AttemptLimit, attempts: Attempts, now: Date): number {
  const isForgotten = now.getTime() - attempts.lastFailedAt.getTime() > limit.memoryMs;
  return isForgotten ? 0 : attempts.failures;
}

/** Links that were mailed earlier count for so long. */
export const linkMemoryMs = hourMs;

const firstMailWaitMs = 60_000;
/** Shorter than any link lives: whoever asks too often has one in the mailbox that still works. */
const mailWaitMaxMs = 30 * 60_000;

/** Milliseconds until another link is mailed: each doubles the wait, so that nobody has a mailbox flooded. */
export function mailWaitMs(earlier: { links: number; lastAt: Date | null }, now: Date): number {
  if (!earlier.lastAt) return 0;
  const doublings = Math.min(Math.max(earlier.links - 1, 0), 10);
  const wait = Math.min(firstMailWaitMs * 2 ** doublings, mailWaitMaxMs);
  return Math.max(0, earlier.lastAt.getTime() + wait - now.getTime());
}

/** Sign-ups and forgotten passwords of an address are counted over so long. */
export const attemptWindowMs = hourMs;
