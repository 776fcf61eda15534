import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Subscription } from '../core/record.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';

/**
 * Says what renewals are collected from: `wallet`, or null for a pay link by mail.
 * @throws Refusal `not_found`.
 */
export async function setRenewalProvider(
  context: Context,
  command: { id: string; organizationId: string; provider: 'wallet' | null },
): Promise<Subscription> {
  const { id, organizationId, provider } = command;
  return inTransaction(context, async (transaction) => {
    const held = await holdSubscription(transaction, id, organizationId);
    const changed = { ...held, provider };
    await keepSubscription(context, transaction, changed, { kind: 'set_provider' });
    return changed;
  });
}
