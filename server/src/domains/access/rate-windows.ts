/** Requests counted in windows of this process's memory: what may be lost, and is enough to shape traffic. */
import type { Clocks } from '../../platform/time.ts';

export interface RateCount {
  allowed: boolean;
  remaining: number;
  resetsAt: Date;
}

export interface RateWindows {
  /** Counts one request, unless the window that its first one opened is full. */
  count(name: string, window: { limit: number; seconds: number }): Promise<RateCount>;
}

/** Beyond so many windows those that are over are dropped, and then the oldest. */
const windowsMax = 100_000;

export function createRateWindows(clocks: Clocks): RateWindows {
  const windows = new Map<string, { used: number; resetsAt: Date }>();

  function makeRoom(now: Date): void {
    for (const [name, { resetsAt }] of windows) if (resetsAt <= now) windows.delete(name);
    const [oldest] = windows.keys();
    if (windows.size >= windowsMax && oldest !== undefined) windows.delete(oldest);
  }

  return {
    async count(name, { limit, seconds }) {
      const now = clocks.wall();
      const known = windows.get(name);
      let open = known;
      if (!open || open.resetsAt <= now) {
        if (!known && windows.size >= windowsMax) makeRoom(now);
        open = { used: 0, resetsAt: new Date(now.getTime() + seconds * 1000) };
        windows.set(name, open);
      }
      const allowed = open.used < limit;
      if (allowed) open.used += 1;
      return { allowed, remaining: Math.max(0, limit - open.used), resetsAt: open.resetsAt };
    },
  };
}
