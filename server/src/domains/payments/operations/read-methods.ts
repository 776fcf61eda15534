import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { PaymentMethod } from '../core/method.ts';
import { findMethod, listActiveMethods, saveDefaultMethod } from '../methods-store.ts';

/** Methods that can be charged, the default first. */
export async function listMethods(
  context: Context,
  organizationId: string,
): Promise<PaymentMethod[]> {
  return listActiveMethods(context.database, organizationId);
}

/**
 * A method of the organization that can be charged.
 * @throws Refusal `not_found`.
 */
export async function requireOwnMethod(
  executor: Executor,
  { organizationId, id }: { organizationId: string; id: string },
  param?: string,
): Promise<PaymentMethod> {
  const method = await findMethod(executor, id);
  const isTheirs = method?.organizationId === organizationId && method.status === 'active';
  if (method && isTheirs) return method;
  throw notFound('payment method', param);
}

/**
 * Makes a method the default.
 * @throws Refusal `not_found`.
 */
export async function setDefaultMethod(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<PaymentMethod> {
  return inTransaction(context, async (transaction) => {
    await lockFunds(transaction, organizationId);
    const method = await requireOwnMethod(transaction, { organizationId, id });
    if (method.isDefault) return method;
    await saveDefaultMethod(transaction, { organizationId, id });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'payment_method.set_default',
      resource: { kind: 'payment_method', id },
      newValues: { default: true },
    });
    return { ...method, isDefault: true };
  });
}
