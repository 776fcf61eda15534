import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { goneAfterMs, type Operation } from '../core/operation.ts';
import {
  endUntouched,
  findOperation,
  hasStoppedOperation,
  listGoneOperations,
} from '../operations-store.ts';
import type { Resumable } from '../resumable.ts';

/** Runs one that waits to be taken up. Its row says how it ended, so that a failure is told there, not tried again. */
export async function takeUpOperation(
  context: Context,
  id: string,
  resumables: readonly Resumable[],
): Promise<void> {
  const operation = await findOperation(context.database, id);
  const resumable = resumables.find(({ kind }) => kind === operation?.kind);
  if (!operation || !resumable || operation.state !== 'resuming') return;
  try {
    await resume(context, resumable, operation);
  } catch (error) {
    // Whoever was quicker has it.
    if (error instanceof Refusal && error.code === 'conflict') return;
    context.log.error({ err: error, operation: id }, 'an operation that was resumed failed');
  }
}

/** Where it finds nothing left to do, its process died behind the work, before it said so: then that is said now. */
async function resume(context: Context, resumable: Resumable, operation: Operation): Promise<void> {
  await resumable.resume(context, operation);
  const { id, claim } = operation;
  await endUntouched(context.database, { id, claim, at: context.clocks.wall() });
}

/** Whether an operator has stopped one of the kind: what runs by itself holds still until it is resumed. */
export async function isHeldBack({ database }: Context, kind: string): Promise<boolean> {
  return hasStoppedOperation(database, kind);
}

const goneMax = 20;

/** Takes up what died with its process. */
export async function takeUpGone(context: Context, resumable: Resumable): Promise<void> {
  const since = new Date(context.clocks.wall().getTime() - goneAfterMs);
  const gone = await listGoneOperations(context.database, {
    ...{ kind: resumable.kind, since, limit: goneMax },
  });
  for (const operation of gone) {
    try {
      await resume(context, resumable, operation);
    } catch (error) {
      context.log.error({ err: error, operation: operation.id }, 'what died could not be taken up');
    }
  }
}
