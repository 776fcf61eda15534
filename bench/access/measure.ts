/** Callers that authorize and settle one call after the other, and what they saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nextCall, type Way } from './calls.ts';

const warmUpMs = 1_000;

/** Pairs of authorize and settle per second, by so many callers over these organizations. */
export async function measureRate(
  way: Way,
  load: { callers: number; organizations: readonly string[]; durationMs: number },
): Promise<number> {
  let pairs = 0;
  let isStopping = false;
  const call = async (caller: number) => {
    // A step that shares no factor with the count visits every organization.
    for (let turn = caller; !isStopping; turn += load.callers + 1) {
      const organization = load.organizations[turn % load.organizations.length] as string;
      const next = nextCall(organization);
      await way.authorize(next);
      await way.settle(next);
      pairs += 1;
    }
  };
  const calling = Promise.all(Array.from({ length: load.callers }, (_, index) => call(index)));
  await Promise.race([sleep(warmUpMs), calling]);
  pairs = 0;
  const start = performance.now();
  await Promise.race([sleep(load.durationMs), calling]);
  const rate = pairs / ((performance.now() - start) / 1000);
  isStopping = true;
  await calling;
  return rate;
}

export interface Latencies {
  authorize: number[];
  settle: number[];
}

/** Milliseconds of each step, with one caller. */
export async function measureLatencies(
  way: Way,
  organization: string,
  durationMs: number,
): Promise<Latencies> {
  const latencies: Latencies = { authorize: [], settle: [] };
  const end = performance.now() + warmUpMs + durationMs;
  while (performance.now() < end) {
    const call = nextCall(organization);
    const start = performance.now();
    await way.authorize(call);
    const between = performance.now();
    await way.settle(call);
    if (start < end - durationMs) continue;
    latencies.authorize.push(between - start);
    latencies.settle.push(performance.now() - between);
  }
  return latencies;
}

/** Milliseconds of each authorize while so many calls a second begin, whatever becomes of those before them. */
export async function measureSteady(
  way: Way,
  load: { organizations: readonly string[]; perSecond: number; durationMs: number },
): Promise<number[]> {
  const latencies: number[] = [];
  const calling: Promise<void>[] = [];
  const start = performance.now();
  const total = ((warmUpMs + load.durationMs) / 1000) * load.perSecond;
  for (let turn = 0; turn < total; turn += 1) {
    const dueAt = start + (turn * 1000) / load.perSecond;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    const call = nextCall(load.organizations[turn % load.organizations.length] as string);
    calling.push(
      way.authorize(call).then(() => {
        if (dueAt - start >= warmUpMs) latencies.push(performance.now() - dueAt);
        return way.settle(call);
      }),
    );
  }
  await Promise.all(calling);
  return latencies;
}

/** The value that a share of the others does not exceed; 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}
