import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { advanced, heartbeatMs, isHeld, type Operation, type Progress } from '../core/operation.ts';
import {
  insertOperation,
  lockOpenOperation,
  saveEnd,
  saveHeartbeat,
  saveOperation,
  saveProgress,
} from '../operations-store.ts';

export interface BegunOperation {
  /** Domain and noun: `subscriptions.billing_run`. */
  kind: string;
  /** What it works on: of a kind and key, one runs at a time. */
  key: string;
  /** For a person: which one of its kind. */
  title: string;
  /** What a `Resumable` of the kind needs to go on; left out where only whoever began it can. */
  input?: unknown;
  /** It goes on behind what an earlier run did, rather than pass over it again. */
  goesOn?: boolean;
  /** What is to be done by this run. */
  total?: number | undefined;
  /** Stops it like somebody who asks it to. */
  signal?: AbortSignal | undefined;
}

/** What works on it. */
export interface RunningOperation {
  readonly id: string;
  /** What earlier runs had done, where this one goes on behind it. */
  readonly before: number;
  /** It was asked to stop, or is somebody else's by now: the next batch is not begun. */
  readonly isStopping: boolean;
  /** Another run has it, so nothing is to be said of how it ended. */
  readonly isLost: boolean;
  /** Tells how far it has come, behind each batch; answers whether to go on. */
  advance(progress: Progress): Promise<boolean>;
}

/**
 * Runs something that takes long so that it is told of, can be stopped behind a batch, and is found when its process dies.
 * What was stopped, failed or died is taken up again under the same id by running it again: the work itself passes over what
 * it did before. Each batch has transactions of its own, and must bear being begun twice.
 * @throws Refusal `conflict` while another runs it.
 */
export async function runOperation<T>(
  context: Context,
  begun: BegunOperation,
  work: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const { log, clocks, database } = context;
  let operation = await claim(context, begun);
  const { id, claim: mine } = operation;
  const before = Number(operation.done);
  let isAsked = false;
  let isLost = false;
  const hear = (state: string | undefined) => {
    isLost ||= state === undefined;
    isAsked ||= state === 'stopping';
  };
  const isStopping = () => isAsked || isLost || begun.signal?.aborted === true;
  const beat = () =>
    saveHeartbeat(database, { id, claim: mine, at: clocks.wall() })
      .then(hear)
      .catch((error) => log.warn({ err: error, operation: id }, 'an operation could not tell'));
  const timer = setInterval(beat, heartbeatMs);
  timer.unref();
  const end = (state: 'done' | 'stopped' | 'failed', error: string | null) =>
    saveEnd(database, { id, claim: mine, state, error, at: clocks.wall() });
  try {
    const answer = await work({
      ...{ id, before },
      get isStopping() {
        return isStopping();
      },
      get isLost() {
        return isLost;
      },
      async advance(progress) {
        operation = advanced(operation, progress, clocks.wall());
        hear(await saveProgress(database, operation));
        return !isStopping();
      },
    });
    await end(isStopping() ? 'stopped' : 'done', null);
    return answer;
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    const wasStopped = isStopping() && error instanceof Refusal;
    await end(wasStopped ? 'stopped' : 'failed', wasStopped ? null : sentence.slice(0, 500)).catch(
      (cause) => log.warn({ err: cause, operation: id }, 'the end of an operation was not written'),
    );
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Takes up the one that is open and nobody's, or begins a new one. */
async function claim(context: Context, begun: BegunOperation): Promise<Operation> {
  const now = context.clocks.wall();
  return inTransaction(context, async (transaction) => {
    const open = await lockOpenOperation(transaction, begun);
    // What waits to be taken up is taken up by whoever comes first.
    if (open && open.state !== 'resuming' && isHeld(open, now)) throw isRunning(begun);
    const { total, input = null } = begun;
    const done = begun.goesOn && open ? open.done : 0n;
    const operation: Operation = {
      id: open?.id ?? newId('opn', now),
      ...{ kind: begun.kind, key: begun.key, title: begun.title },
      actorKind: open?.actorKind ?? context.actor.kind,
      actorId: open?.actorId ?? context.actor.id,
      ...{ state: 'running', stage: null, input, error: null },
      ...{ done, total: total === undefined ? null : done + BigInt(total) },
      ...{ pacedFrom: now, pacedDone: done, runs: (open?.runs ?? 0) + 1 },
      claim: newId('clm', now),
      heartbeatAt: now,
      startedAt: open?.startedAt ?? now,
      endedAt: null,
    };
    if (open) await saveOperation(transaction, operation);
    else if (!(await insertOperation(transaction, operation))) throw isRunning(begun);
    return operation;
  });
}

function isRunning({ title }: BegunOperation): Refusal {
  return new Refusal(
    'conflict',
    `"${title}" is running already: wait until it has ended, or stop it first.`,
  );
}
