import { type Context, inTransaction } from '../../../platform/context.ts';
import { requireOwnMethod } from '../../payments/index.ts';
import type { Subscription } from '../core/record.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';

/**
 * Says what renewals are collected from: the wallet, a stored method, or neither for a pay link by mail.
 * @throws Refusal `not_found`, `rule_violated`.
 */
export async function setRenewalProvider(
  context: Context,
  command: {
    id: string;
    organizationId: string;
    provider: 'wallet' | null;
    methodId?: string | undefined;
  },
): Promise<Subscription> {
  const { id, organizationId, provider, methodId } = command;
  return inTransaction(context, async (transaction) => {
    if (methodId !== undefined) {
      const method = { organizationId, id: methodId };
      await requireOwnMethod(transaction, method, 'payment_method_id');
    }
    const held = await holdSubscription(transaction, id, organizationId);
    const changed = { ...held, provider, methodId: methodId ?? null };
    await keepSubscription(context, transaction, changed, { kind: 'set_provider' });
    return changed;
  });
}
