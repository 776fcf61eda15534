/**
 * Sends usage events in the background: kept in a bounded buffer, sent in batches, and sent again with the same ids until
 * Sluice has said what became of each. Ids make a repeat a duplicate, so a restart of Sluice neither loses nor doubles.
 */
import { SluiceError, SluiceUnavailableError } from './errors.ts';
import { createNap, delayBefore, type Send } from './transport.ts';
import { operations, type UsageEvent, type UsageResults } from './wire.ts';

/** An event that will never be counted, and why. */
export interface LostEvent {
  event: UsageEvent;
  error: SluiceError;
}

interface ReportSettings {
  /** Events kept while Sluice is away; 10,000 where left out. */
  bufferMax?: number;
  /** How long an event may wait for others to travel with; 1,000 where left out. */
  flushIntervalMs?: number;
  /** Hears of every try that failed; the events are kept and sent again. */
  onRetry?: (error: SluiceError) => void;
}

/** What happens when the buffer is full is chosen; nothing is ever dropped without a word. */
export type ReportOptions = ReportSettings &
  (
    | {
        /** `report` throws `ReportBufferFullError`: slow down, `await flush()`, or keep it elsewhere. */
        whenFull?: 'throw';
        /** Hears of events that Sluice refused; written to `console.error` where left out. */
        onLost?: (lost: LostEvent[]) => void;
      }
    | {
        /** The oldest event makes room, and `onLost` hears of it. */
        whenFull: 'drop-oldest';
        onLost: (lost: LostEvent[]) => void;
      }
  );

/** There is no room for another event. */
export class ReportBufferFullError extends SluiceError {
  override readonly name = 'ReportBufferFullError';
}

export interface Reporter {
  /** Takes an event and answers its id; it is sent later. */
  report(event: UsageEvent): string;
  /** Waits until all that was taken so far is counted or lost; rejects where that is not so in time. */
  flush(timeoutMs?: number): Promise<void>;
  /** Events that wait. */
  readonly waiting: number;
}

type Identified = UsageEvent & { id: string; time: string };
interface Kept {
  number: number;
  event: Identified;
}

const batchMax = 1_000;

export function createReporter(send: Send, options: ReportOptions = {}): Reporter {
  const { bufferMax = 10_000, flushIntervalMs = 1_000, whenFull, onRetry } = options;
  const onLost = options.onLost ?? tellLost;
  const nap = createNap();
  const flushers = new Set<() => void>();
  // The first `sending` ones are on their way; they stay until their fate is known.
  let queue: Kept[] = [];
  let sending = 0;
  let taken = 0;
  let failures = 0;
  let lastError: unknown;
  let isPumping = false;

  const pump = async () => {
    isPumping = true;
    while (queue.length > 0) {
      const isWaiting = failures > 0 || queue.length < batchMax;
      if (isWaiting && flushers.size === 0) await nap.sleep(delayMs());
      else if (failures > 0) await nap.sleep(delayBefore(failures));
      await sendBatch();
      for (const look of flushers) look();
    }
    isPumping = false;
  };
  const delayMs = () =>
    failures > 0
      ? delayBefore(failures, (lastError as SluiceError).retryAfterSeconds)
      : flushIntervalMs;
  const sendBatch = async () => {
    const batch = queue.slice(0, batchMax);
    sending = batch.length;
    try {
      const lost = await deliver(
        send,
        batch.map(({ event }) => event),
      );
      queue = queue.slice(sending);
      failures = 0;
      // Apart from this loop, which must outlive what a listener throws.
      if (lost.length > 0) queueMicrotask(() => onLost(lost));
    } catch (error) {
      failures += 1;
      lastError = error;
      queueMicrotask(() => onRetry?.(error as SluiceError));
    } finally {
      sending = 0;
    }
  };
  const makeRoom = () => {
    const error = new ReportBufferFullError('buffer_full', `${bufferMax} events wait for Sluice.`);
    // Those on their way may be Sluice's already: the oldest behind them goes.
    const [oldest] = whenFull === 'drop-oldest' ? queue.splice(sending, 1) : [];
    if (!oldest) throw error;
    onLost([{ event: oldest.event, error }]);
  };

  return {
    report(event) {
      if (queue.length >= bufferMax) makeRoom();
      const id = event.id ?? crypto.randomUUID();
      const time = event.time ?? new Date().toISOString();
      taken += 1;
      queue.push({ number: taken, event: { ...event, id, time } });
      if (!isPumping) void pump();
      else if (queue.length - sending === batchMax && failures === 0) nap.wake();
      return id;
    },
    flush(timeoutMs = 30_000) {
      const last = taken;
      const isDone = () => (queue[0]?.number ?? last + 1) > last;
      if (isDone()) return Promise.resolve();
      const heard = whenTrue(isDone, flushers, timeoutMs);
      nap.wake();
      return heard.catch(() => Promise.reject(notInTime(queue.length, lastError)));
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** Waits for a condition that may change whenever the lookers are called. */
function whenTrue(isTrue: () => boolean, lookers: Set<() => void>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => {
      clearTimeout(timer);
      lookers.delete(look);
      finish();
    };
    const look = () => isTrue() && end(resolve);
    const timer = setTimeout(() => end(reject), limitMs);
    lookers.add(look);
  });
}

/** Statuses of a batch that will be refused as often as it is sent. */
const hopeless = new Set([400, 413, 422]);

/** Answers the events that were refused. A batch that is refused as a whole is halved until its culprit is alone. */
async function deliver(send: Send, events: Identified[]): Promise<LostEvent[]> {
  try {
    const operation = operations.reportUsage;
    const { data } = await send<UsageResults>({ operation, body: { events }, attemptsMax: 1 });
    return refusedOf(events, data);
  } catch (error) {
    if (!(error instanceof SluiceError) || !hopeless.has(error.status)) throw error;
    const [event] = events;
    if (event && events.length === 1) return [{ event, error }];
    const half = Math.ceil(events.length / 2);
    const lost = await deliver(send, events.slice(0, half));
    return [...lost, ...(await deliver(send, events.slice(half)))];
  }
}

/** Results come in the order of the events. */
function refusedOf(events: Identified[], results: UsageResults['data']): LostEvent[] {
  return events.flatMap((event, index) => {
    const { status, code = 'refused', message = 'Sluice refused it.' } = results[index] ?? {};
    return status === 'refused' ? [{ event, error: new SluiceError(code, message) }] : [];
  });
}

function notInTime(count: number, cause: unknown): SluiceUnavailableError {
  const sentence = `${count} events still wait; they go on being sent.`;
  return new SluiceUnavailableError('unavailable', sentence, { cause });
}

function tellLost(lost: LostEvent[]): void {
  for (const { event, error } of lost) {
    console.error(`Sluice will not count the event ${event.id}: ${error.code}: ${error.message}`);
  }
}
