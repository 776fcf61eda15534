import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import type { Money } from '../../../platform/money.ts';
import { insertBuckets } from '../store.ts';
import { postTransfers } from './post-transfers.ts';

/** Promotional or bought credit, spent after allowances and before the wallet. */
export interface NewGrant {
  organizationId: string;
  amount: Money;
  /** Lower is spent first; then what expires first; then the older one. */
  priority: number;
  expiresAt: Date | null;
  reference: string;
}

/** Gives credit; answers the grant's id. */
export async function openGrant(
  context: Context,
  transaction: Transaction,
  grant: NewGrant,
): Promise<string> {
  const id = newId('grt', context.clocks.business());
  const { organizationId, amount, priority, expiresAt, reference } = grant;
  await insertBuckets(transaction, organizationId, [
    {
      id,
      kind: 'grant',
      currency: amount.currency,
      priority,
      ...(expiresAt && { spend_before: expiresAt, closes_at: expiresAt }),
    },
  ]);
  await postTransfers(context, transaction, organizationId, [
    { debit: 'world', credit: `grant:${id}`, amount, kind: 'grant', reference },
  ]);
  return id;
}
