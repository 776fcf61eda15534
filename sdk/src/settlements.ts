/**
 * Ends of work on their way to Sluice. A settle is worth sending for as long as it takes: it is idempotent by the request
 * id, and accepted even after the hold has expired. So it is tried until it is heard, or until there are too many.
 */
import { SluiceError } from './errors.ts';
import { createNap, delayBefore, isWorthRepeating, type Send } from './transport.ts';
import { operations, type Receipt, type Released, type SettleRequest } from './wire.ts';

/** A settle or release that Sluice will not hear of, and why. */
export interface LostSettlement {
  request: SettleRequest | { request_id: string };
  error: SluiceError;
}

export interface Settlements {
  settle(request: SettleRequest): Promise<Receipt>;
  release(requestId: string): Promise<Released>;
  /** Tells of an end that cannot be sent. */
  lose(request: LostSettlement['request'], error: SluiceError): void;
  readonly waiting: number;
  /** Waits until all are heard or lost, at most so long; answers how many still wait. */
  drain(timeoutMs: number): Promise<number>;
}

interface Options {
  waitingMax: number;
  onLost: ((lost: LostSettlement) => void) | undefined;
}

export function createSettlements(send: Send, { waitingMax, onLost = tell }: Options): Settlements {
  const pending = new Set<Promise<unknown>>();
  const nap = createNap();
  // Apart from the caller's own flow, which what a listener throws must not break.
  const lose: Settlements['lose'] = (request, error) =>
    queueMicrotask(() => onLost({ request, error }));
  const end = <T>(operation: Operation, request: LostSettlement['request']): Promise<T> => {
    if (pending.size >= waitingMax) {
      const sentence = `${waitingMax} ends of work wait for Sluice.`;
      const error = new SluiceError('buffer_full', sentence);
      lose(request, error);
      return Promise.reject(error);
    }
    const work = untilHeard<T>(send, operation, request);
    pending.add(work);
    const forget = () => pending.delete(work);
    work.then(forget, (error: SluiceError) => {
      forget();
      lose(request, error);
    });
    return work;
  };
  return {
    settle: (request) => end(operations.settleAccess, request),
    release: (requestId) => end(operations.releaseAccess, { request_id: requestId }),
    lose,
    get waiting() {
      return pending.size;
    },
    async drain(timeoutMs) {
      const all = Promise.allSettled(pending);
      await Promise.race([all, nap.sleep(timeoutMs)]);
      nap.wake();
      return pending.size;
    },
  };
}

type Operation = readonly [string, string];

async function untilHeard<T>(send: Send, operation: Operation, body: unknown): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await send<T>({ operation, body });
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      const delayMs = delayBefore(failures, error.retryAfterSeconds);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function tell({ request, error }: LostSettlement): void {
  console.error(
    `Sluice did not take the end of ${request.request_id}: ${error.code}: ${error.message}`,
  );
}
