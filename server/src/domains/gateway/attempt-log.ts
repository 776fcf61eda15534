/**
 * Writes down attempts that failed, a moment later and many at once. A storm of them is thinned out; one that the
 * upstream may have charged for is kept as long as there is room. A process that is killed loses the last second.
 */
import type { FailureReason } from '@sluice/contract/gateway';
import type { Platform } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { type AttemptRow, insertAttempts } from './pool-store.ts';

export interface FailedAttempt {
  channelId: string;
  organizationId: string;
  requestId: string;
  model: string;
  status: number | undefined;
  reason: FailureReason;
  /** Nano-units that the upstream probably charged; undefined for nothing or unknown. */
  cost: bigint | undefined;
  currency: string;
}

export interface AttemptLog {
  note(attempt: FailedAttempt): void;
  close(): Promise<void>;
}

const waitMs = 1000;
/** Waiting to be written: so many in all, and so many that cost nothing. */
const waitingMax = 10_000;
const waitingFreeMax = 200;

export function createAttemptLog(platform: Platform): AttemptLog {
  let waiting: AttemptRow[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    timer = undefined;
    const rows = waiting;
    if (rows.length === 0) return;
    waiting = [];
    try {
      await insertAttempts(platform.database, rows);
    } catch (error) {
      dropped += rows.length;
      platform.log.warn({ err: error, attempts: rows.length }, 'failed attempts were not written');
    }
    if (dropped > 0) platform.log.warn({ dropped }, 'failed attempts were left out');
    dropped = 0;
  }
  const flush = () => {
    clearTimeout(timer);
    writing = writing.then(write);
    return writing;
  };
  return {
    note(attempt) {
      const isFree = attempt.cost === undefined;
      if (waiting.length >= (isFree ? waitingFreeMax : waitingMax)) {
        dropped += 1;
        return;
      }
      waiting.push(rowOf(attempt, platform.clocks.business()));
      timer ??= setTimeout(flush, waitMs).unref();
    },
    close: flush,
  };
}

function rowOf(attempt: FailedAttempt, at: Date): AttemptRow {
  return {
    id: newId('att', at),
    channel_id: attempt.channelId,
    organization_id: attempt.organizationId,
    request_id: attempt.requestId,
    model: attempt.model,
    status: attempt.status ?? null,
    reason: attempt.reason,
    cost: attempt.cost ?? null,
    currency: attempt.currency,
    attempted_at: at,
  };
}
