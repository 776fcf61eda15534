import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { deleteHold, insertHold, isOnHold } from '../standing-store.ts';

/**
 * Begins no payment through a provider for an organization until that is taken back. What is paid for stays usable, what is
 * under way may still come, the wallet pays as before, and an operator may record what was received.
 */
export async function holdPayments(
  context: Context,
  transaction: Transaction,
  { organizationId, isHeld }: { organizationId: string; isHeld: boolean },
): Promise<void> {
  if (isHeld) await insertHold(transaction, { organizationId, since: context.clocks.business() });
  else await deleteHold(transaction, organizationId);
}

/** @throws Refusal `payments_on_hold`. */
export async function requireNotHeld(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  if (!(await isOnHold(transaction, organizationId))) return;
  throw new Refusal(
    'payments_on_hold',
    'New payments are on hold while we check this account: write to us, or pay from the balance.',
  );
}
