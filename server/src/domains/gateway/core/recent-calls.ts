/** How the calls of the last hour went, minute by minute, with their latencies in classes: a few kilobytes a channel. */

export interface Figures {
  calls: number;
  failed: number;
  /** Answers by class of latency. */
  latencies: number[];
}

interface Minute extends Figures {
  minute: number;
}

/** The minutes of the last hour in which something happened, oldest first. */
export type RecentCalls = Minute[];

const minutesKept = 60;
/** Upper bounds of the classes, each half as long again as the one before: 20 ms to about five minutes. */
const bounds = Array.from({ length: 25 }, (_, index) => Math.round(20 * 1.5 ** index));

export function noteCall(
  recent: RecentCalls,
  nowMs: number,
  call: {
    isFailure: boolean;
    latencyMs?: number | undefined;
    /** An answer that was noted, and failed after all. */
    isKnown?: boolean;
  },
): void {
  const minute = minuteOf(nowMs);
  let last = recent.at(-1);
  if (last === undefined || last.minute < minute) {
    last = { minute, ...noFigures() };
    recent.push(last);
    while (recent.length > 0 && (recent[0]?.minute ?? 0) <= minute - minutesKept) recent.shift();
  }
  if (!call.isKnown) last.calls += 1;
  if (call.isFailure) last.failed += 1;
  if (call.latencyMs === undefined) return;
  const index = classOf(call.latencyMs);
  last.latencies[index] = (last.latencies[index] ?? 0) + 1;
}

/** The figures of the last minutes, the present one included. */
export function figuresOf(recent: RecentCalls, nowMs: number, minutes: number): Figures {
  const first = minuteOf(nowMs) - minutes + 1;
  return sumFigures(recent.filter(({ minute }) => minute >= first));
}

export function sumFigures(all: readonly Figures[]): Figures {
  const sum = noFigures();
  for (const { calls, failed, latencies } of all) {
    sum.calls += calls;
    sum.failed += failed;
    for (const [index, count] of latencies.entries()) {
      sum.latencies[index] = (sum.latencies[index] ?? 0) + count;
    }
  }
  return sum;
}

/** The latency that a share of the answers kept within, to the next bound; null without answers. */
export function percentile(latencies: readonly number[], share: number): number | null {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let rest = Math.ceil(total * share);
  for (const [index, count] of latencies.entries()) {
    rest -= count;
    if (rest <= 0) return bounds[index] ?? null;
  }
  return bounds.at(-1) ?? null;
}

function noFigures(): Figures {
  return { calls: 0, failed: 0, latencies: bounds.map(() => 0) };
}

function classOf(latencyMs: number): number {
  const index = bounds.findIndex((bound) => latencyMs <= bound);
  return index === -1 ? bounds.length - 1 : index;
}

function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / 60_000);
}
