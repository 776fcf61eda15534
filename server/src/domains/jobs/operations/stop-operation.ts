import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { isHeld, type Operation } from '../core/operation.ts';
import { lockOperation, saveOperation } from '../operations-store.ts';
import type { Resumable } from '../resumable.ts';
import { enqueueJob } from './enqueue-job.ts';

export const resumeJob = 'jobs.resume_operation';

/**
 * Asks a running operation to stop; it does behind the batch under way.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function stopOperation(context: Context, id: string): Promise<Operation> {
  return inTransaction(context, async (transaction) => {
    const operation = await lock(transaction, id);
    const isRunning = operation.state === 'running' || operation.state === 'stopping';
    if (!isRunning || !isHeld(operation, context.clocks.wall())) {
      throw new Refusal('invalid_state', 'This operation does not run: there is nothing to stop.');
    }
    if (operation.state === 'stopping') return operation;
    const stopping: Operation = { ...operation, state: 'stopping' };
    await saveOperation(transaction, stopping);
    await record(context, transaction, { operation, action: 'operation.stop' });
    return stopping;
  });
}

/**
 * Has an operation that was stopped, failed or died taken up where it was, by any process that works on jobs.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function resumeOperation(
  context: Context,
  id: string,
  resumables: readonly Resumable[],
): Promise<Operation> {
  return inTransaction(context, async (transaction) => {
    const now = context.clocks.wall();
    const operation = await lock(transaction, id);
    if (operation.state === 'done') {
      throw new Refusal('invalid_state', 'This operation is done: there is nothing left of it.');
    }
    if (isHeld(operation, now)) {
      throw new Refusal('invalid_state', 'This operation runs: it need not be resumed.');
    }
    const isKnown = resumables.some(({ kind }) => kind === operation.kind);
    if (!isKnown || operation.input === null) {
      throw new Refusal(
        'invalid_state',
        'This operation goes on where it was begun: run the same command again.',
      );
    }
    const resuming: Operation = { ...operation, state: 'resuming', heartbeatAt: now };
    await saveOperation(transaction, resuming);
    await enqueueJob(transaction, resumeJob, { id });
    await record(context, transaction, { operation, action: 'operation.resume' });
    return resuming;
  });
}

async function lock(transaction: Transaction, id: string): Promise<Operation> {
  const operation = await lockOperation(transaction, id);
  if (!operation) throw notFound('operation');
  return operation;
}

async function record(
  context: Context,
  transaction: Transaction,
  { operation, action }: { operation: Operation; action: string },
): Promise<void> {
  const { id, kind, title, done } = operation;
  await recordAudit(context, transaction, {
    organizationId: null,
    action,
    resource: { kind: 'operation', id },
    newValues: { kind, title, done: Number(done) },
  });
}
