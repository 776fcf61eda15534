import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { bucketChanges, type Posting } from '../core/posting.ts';
import { changeBuckets, insertTransfers, lockFunds } from '../store.ts';

/**
 * Posts transfers of one organization and keeps its buckets in step, all or nothing. Takes the organization's mutex.
 * @throws Refusal `insufficient_funds` where a wallet, grant or allowance cannot cover what leaves it.
 */
export async function postTransfers(
  context: Context,
  transaction: Transaction,
  organizationId: string,
  postings: readonly Posting[],
): Promise<void> {
  if (postings.length === 0) return;
  const changes = bucketChanges(postings).filter(({ change }) => change !== 0n);
  const funds = await lockFunds(transaction, organizationId);
  invariant(funds, `organization ${organizationId} has funds`);

  const changed = await changeBuckets(transaction, { organizationId, changes });
  for (const { account, currency, change } of changes) {
    if (changed.has(`${account} ${currency}`)) continue;
    invariant(change < 0n, `a credited bucket exists: ${account} in ${currency}`);
    throw new Refusal(
      'insufficient_funds',
      'The balance does not cover this: top up the wallet, then try again.',
    );
  }
  const occurred = context.clocks.business();
  await insertTransfers(transaction, {
    organizationId,
    transfers: postings.map((posting) => ({ ...posting, id: newId('trf', occurred) })),
    ...{ occurred, recorded: context.clocks.wall() },
  });
}
