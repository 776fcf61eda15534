import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { owesMoney } from '../personal-store.ts';

/**
 * An organization does not close over an invoice that waits for money.
 * @throws Refusal `money_owed`.
 */
export async function refuseClosing(
  _context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  if (!(await owesMoney(transaction, organizationId))) return;
  throw new Refusal('money_owed', 'An invoice is open: pay it, or have it voided, then try again.');
}
