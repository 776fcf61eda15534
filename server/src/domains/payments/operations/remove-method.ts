import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { nextQueryAt } from '../core/schedule.ts';
import {
  claimRemovals,
  findMethod,
  findMethodByDigest,
  listActiveMethods,
  markRemoved,
  markRemoving,
  type StoredMethod,
  saveDefaultMethod,
} from '../methods-store.ts';
import { loadProvider } from './load-provider.ts';
import { digestOf, openMethod } from './method-seals.ts';

/**
 * Removes a method: for us at once, then at its provider; where that does not answer it is told again until it does.
 * A charge that is under way is not taken back by it.
 * @throws Refusal `not_found`.
 */
export async function removeMethod(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<void> {
  const method = await findMethod(context.database, id);
  if (method?.organizationId !== organizationId || method.status !== 'active') {
    throw notFound('payment method');
  }
  await inTransaction(context, async (transaction) => {
    await lockFunds(transaction, organizationId);
    await markRemoving(transaction, id, {
      removedAt: context.clocks.business(),
      nextRemovalAt: nextQueryAt(context.clocks.wall(), 0),
    });
    await nameAnotherDefault(transaction, method);
    await recordRemoval(context, transaction, method);
  });
  await forgetAtProvider(context, method);
}

/** The provider says that a method is gone there. */
export async function forgetRemoved(
  context: Context,
  { provider, reference }: { provider: string; reference: string },
): Promise<boolean> {
  const digest = digestOf(reference);
  const method = await findMethodByDigest(context.database, { provider, digest });
  if (!method || method.status === 'removed') return false;
  await inTransaction(context, async (transaction) => {
    await lockFunds(transaction, method.organizationId);
    await markRemoved(transaction, method.id, context.clocks.business());
    await nameAnotherDefault(transaction, method);
    if (method.status === 'active') await recordRemoval(context, transaction, method);
  });
  return true;
}

const removalsAtOnceMax = 20;

/** Tells providers again of methods that they have yet to forget; answers how many were told. */
export async function retryRemovals(context: Context): Promise<number> {
  const wall = context.clocks.wall();
  const due = await claimRemovals(context.database, wall, {
    limit: removalsAtOnceMax,
    againAt: (removals) => nextQueryAt(wall, removals + 1),
  });
  for (const method of due) await forgetAtProvider(context, method);
  return due.length;
}

async function forgetAtProvider(context: Context, method: StoredMethod): Promise<void> {
  const loaded = await loadProvider(context, context.database, method.provider);
  const { merchant, methods } = loaded?.connection ?? {};
  if (!methods || merchant !== method.merchant) return;
  if ((await methods.remove(openMethod(context, method))) !== 'removed') return;
  await markRemoved(context.database, method.id, context.clocks.business());
}

async function nameAnotherDefault(transaction: Transaction, method: StoredMethod): Promise<void> {
  const { organizationId } = method;
  if (!method.isDefault) return;
  const [newest] = await listActiveMethods(transaction, organizationId);
  if (newest) await saveDefaultMethod(transaction, { organizationId, id: newest.id });
}

async function recordRemoval(
  context: Context,
  transaction: Transaction,
  { id, organizationId, provider, label }: StoredMethod,
): Promise<void> {
  await recordAudit(context, transaction, {
    organizationId,
    action: 'payment_method.remove',
    resource: { kind: 'payment_method', id },
    oldValues: { provider, label },
  });
}
