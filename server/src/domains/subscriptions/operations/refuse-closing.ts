import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { findLiveSubscription } from '../subscriptions-store.ts';

/**
 * An organization does not close over a subscription that would go on and bill nobody.
 * @throws Refusal `subscription_live`.
 */
export async function refuseClosing(
  _context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  if (!(await findLiveSubscription(transaction, organizationId))) return;
  throw new Refusal(
    'subscription_live',
    'A subscription is still running: cancel it, and try again once it has ended.',
  );
}
