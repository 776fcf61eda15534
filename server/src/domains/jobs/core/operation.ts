/** An operation that takes long: how far it has come, how long the rest takes, and whether somebody is at it. */
import { invariant } from '../../../platform/errors.ts';

export type OperationState = 'running' | 'stopping' | 'resuming' | 'stopped' | 'failed' | 'done';

export interface Operation {
  id: string;
  kind: string;
  key: string;
  title: string;
  actorKind: 'user' | 'api_key' | 'application' | 'provider' | 'system';
  actorId: string | null;
  state: OperationState;
  stage: string | null;
  done: bigint;
  total: bigint | null;
  pacedFrom: Date;
  pacedDone: bigint;
  runs: number;
  input: unknown;
  error: string | null;
  claim: string;
  heartbeatAt: Date;
  startedAt: Date;
  endedAt: Date | null;
}

/** What a run tells behind each batch; `done` and `total` are of the stage. */
export interface Progress {
  done: number;
  total?: number | undefined;
  stage?: string | undefined;
}

/** A run shows that it is alive this often, however long its batches take … */
export const heartbeatMs = 5_000;
/** … and counts as gone with its process when it has not for so long. */
export const goneAfterMs = 30_000;

/** What somebody is at, or was a moment ago. */
export function isHeld({ state, heartbeatAt }: Operation, now: Date): boolean {
  const isOpen = state === 'running' || state === 'stopping' || state === 'resuming';
  return isOpen && now.getTime() - heartbeatAt.getTime() < goneAfterMs;
}

/** As it is shown: one whose process died is as good as stopped, and can be taken up. */
export function shownState(operation: Operation, now: Date): OperationState | 'interrupted' {
  const { state } = operation;
  if (state === 'stopped' || state === 'failed' || state === 'done') return state;
  return isHeld(operation, now) ? state : 'interrupted';
}

/** By the pace since the stage or the run began; null where that says nothing. */
export function secondsLeft(operation: Operation): number | null {
  const { total, done, pacedDone, pacedFrom, heartbeatAt } = operation;
  const did = done - pacedDone;
  const tookMs = heartbeatAt.getTime() - pacedFrom.getTime();
  if (total === null || did <= 0n || tookMs <= 0) return null;
  const left = total > done ? total - done : 0n;
  return Math.ceil((Number(left) * tookMs) / Number(did) / 1000);
}

/** The operation with what its run tells; a new stage is paced anew. */
export function advanced(operation: Operation, progress: Progress, now: Date): Operation {
  const { done, total, stage = null } = progress;
  invariant(Number.isSafeInteger(done) && done >= 0, 'progress is a whole number');
  const isNewStage = stage !== operation.stage;
  return {
    ...operation,
    stage,
    done: BigInt(done),
    total: total === undefined ? null : BigInt(total),
    heartbeatAt: now,
    // A stage began where the one before it ended.
    ...(isNewStage && { pacedFrom: operation.heartbeatAt, pacedDone: 0n }),
  };
}

/** As it is told; `isKnown` says whether this deployment can take its kind up by itself. */
export function presentOperation(operation: Operation, now: Date, isKnown: boolean) {
  const state = shownState(operation, now);
  const isRunning = state === 'running' || state === 'stopping';
  const hasEnded = state === 'stopped' || state === 'failed' || state === 'interrupted';
  const { id, kind, title, stage, runs, error, actorKind, actorId } = operation;
  return {
    ...{ id, kind, title, state, stage, runs, error },
    started_by: { kind: actorKind, id: actorId },
    done: Number(operation.done),
    total: operation.total === null ? null : Number(operation.total),
    seconds_left: isRunning ? secondsLeft(operation) : null,
    can_stop: state === 'running',
    can_resume: hasEnded && isKnown && operation.input !== null,
    started_at: operation.startedAt.toISOString(),
    heard_at: operation.heartbeatAt.toISOString(),
    ended_at: operation.endedAt?.toISOString() ?? null,
  };
}
