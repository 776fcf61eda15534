import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { endGrant, findGrant, findPeriod } from '../grants-store.ts';
import { lockFunds } from '../store.ts';
import { postTransfers } from './post-transfers.ts';

/**
 * Ends a grant that was given once, and takes back what of it is not spent; answers how much. What calls in flight give back
 * of it later expires. Taken back again, nothing is left to take.
 */
export async function takeBackGrant(
  context: Context,
  transaction: Transaction,
  { grantId, organizationId }: { grantId: string; organizationId: string },
): Promise<bigint> {
  await lockFunds(transaction, organizationId);
  const grant = await findGrant(transaction, grantId);
  const period = await findPeriod(transaction, { grantId, number: 0 });
  invariant(
    grant && period && grant.organizationId === organizationId,
    `grant ${grantId} is there`,
  );
  invariant(grant.recurrence === null, 'credit of many periods is not taken back in one piece');
  if (period.isClosed) return 0n;
  const now = context.clocks.business();
  // A bucket is open for an instant at least.
  const at = now > grant.startsAt ? now : new Date(grant.startsAt.getTime() + 1);
  const { currency, reference } = grant;
  const amount = { amount: period.available, currency };
  if (period.available > 0n) {
    await postTransfers(context, transaction, organizationId, [
      {
        debit: `grant:${period.bucketId}`,
        credit: 'world',
        amount,
        kind: 'grant_return',
        reference,
      },
    ]);
  }
  await endGrant(transaction, { grantId, at });
  return period.available;
}
