/**
 * A statement that waits for the lock of a table makes every later one on that table wait behind it. So a migration waits
 * a moment only, lets the others through, and tries again.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Longest wait for a lock in one try: so long everybody else may have to wait too. */
  lockTimeoutMs: number;
  triesMax: number;
  pauseMs: number;
}

/** About five minutes. A call waits for a second at most, so less than that is nobody's failure. */
export const migrationPatience: Patience = { lockTimeoutMs: 400, triesMax: 200, pauseMs: 1200 };

export interface PatientWork {
  what: string;
  patience: Patience;
  log?: ((line: string) => void) | undefined;
}

/** Runs `work` until it gets its locks; it has undone itself when it rejects. */
export async function patiently<T>(
  { what, patience, log }: PatientWork,
  work: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isLockRefused(error) || tries === patience.triesMax) throw error;
      log?.(`${what} waits for a lock that another transaction holds (try ${tries}).`);
      await sleep(patience.pauseMs);
    }
  }
}

/** Waited too long, or was the one that had to give way. https://www.postgresql.org/docs/18/errcodes-appendix.html */
function isLockRefused(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  if (code === '55P03' || code === '40P01') return true;
  return cause !== undefined && isLockRefused(cause);
}
