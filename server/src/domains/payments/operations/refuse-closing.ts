import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hasMoneyUnderWay } from '../personal-store.ts';

/**
 * An organization does not close over money that is under way.
 * @throws Refusal `money_owed`.
 */
export async function refuseClosing(
  _context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  if (!(await hasMoneyUnderWay(transaction, organizationId))) return;
  throw new Refusal(
    'money_owed',
    'A payment or refund is under way: wait until its end is known, then try again.',
  );
}
