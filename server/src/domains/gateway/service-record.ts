/**
 * Counts how calls ended, off their path: in memory, and every two seconds into the sums that all processes share. A process
 * that is killed loses those two seconds; what could not be written is written the next time.
 */
import type { Platform } from '../../platform/context.ts';
import type { Ending } from './core/call-ending.ts';
import { addSteps, noteStep } from './core/latency-steps.ts';
import { addServiceLevels, type LevelSums, type Span } from './service-store.ts';

export interface EndedCall {
  /** Empty where it was not known yet. */
  model: string;
  ending: Ending;
  firstTokenMs: number | null;
  wholeMs: number;
}

export interface ServiceRecord {
  note(call: EndedCall): void;
  /** Writes what was counted; for the end of a process, and for tests. */
  flush(): Promise<void>;
}

type Counts = Pick<
  LevelSums,
  'served' | 'failed_here' | 'failed_upstream' | 'first_token' | 'whole'
>;

const writeEveryMs = 2000;
const spans: readonly { span: Span; lengthMs: number }[] = [
  { span: 'five_minutes', lengthMs: 300_000 },
  { span: 'hour', lengthMs: 3_600_000 },
  { span: 'day', lengthMs: 86_400_000 },
];
const finestMs = 300_000;

export function createServiceRecord(platform: Platform): ServiceRecord {
  const { clocks, log } = platform;
  /** By the shortest span that a call ended in, and by model. */
  let counted = new Map<number, Map<string, Counts>>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function countsOf(startsMs: number, model: string): Counts {
    const models = counted.get(startsMs) ?? new Map<string, Counts>();
    const counts = models.get(model) ?? noCounts();
    counted.set(startsMs, models.set(model, counts));
    return counts;
  }
  async function write(): Promise<void> {
    timer = undefined;
    if (counted.size === 0) return;
    const taken = counted;
    counted = new Map();
    try {
      await addServiceLevels(platform.database, sumsOf(taken));
    } catch (error) {
      log.warn({ err: error }, 'how calls ended was not written; it is tried again');
      for (const [startsMs, models] of taken) {
        for (const [model, counts] of models) addTo(countsOf(startsMs, model), counts);
      }
      writeLater();
    }
  }
  function writeLater(): void {
    timer ??= setTimeout(flush, writeEveryMs).unref();
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    writing = writing.then(write);
    return writing;
  }
  return {
    note({ model, ending, firstTokenMs, wholeMs }) {
      const nowMs = clocks.wall().getTime();
      const counts = countsOf(nowMs - (nowMs % finestMs), model);
      counts[ending] += 1;
      if (ending === 'served') {
        if (firstTokenMs !== null) noteStep(counts.first_token, firstTokenMs);
        noteStep(counts.whole, wholeMs);
      }
      writeLater();
    },
    flush,
  };
}

function noCounts(): Counts {
  return { served: 0, failed_here: 0, failed_upstream: 0, first_token: [], whole: [] };
}

function addTo(sum: Counts, counts: Counts): void {
  sum.served += counts.served;
  sum.failed_here += counts.failed_here;
  sum.failed_upstream += counts.failed_upstream;
  sum.first_token = addSteps(sum.first_token, counts.first_token);
  sum.whole = addSteps(sum.whole, counts.whole);
}

/** Each count once for every span that it falls into. */
function sumsOf(counted: ReadonlyMap<number, ReadonlyMap<string, Counts>>): LevelSums[] {
  const sums = new Map<string, LevelSums>();
  for (const [atMs, models] of counted) {
    for (const [model, counts] of models) {
      for (const { span, lengthMs } of spans) {
        const starts_at = new Date(atMs - (atMs % lengthMs)).toISOString();
        const key = `${span} ${starts_at} ${model}`;
        const sum = sums.get(key) ?? { span, starts_at, model, ...noCounts() };
        addTo(sum, counts);
        sums.set(key, sum);
      }
    }
  }
  // Everybody adds in one order, so that no two processes wait for each other's rows.
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
