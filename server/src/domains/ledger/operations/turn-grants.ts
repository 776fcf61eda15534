import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { endPeriod } from '../core/grant-periods.ts';
import type { Posting } from '../core/posting.ts';
import {
  findGrant,
  findPeriod,
  type Grant,
  listEndedPeriods,
  type Period,
  type PeriodKey,
  turnPeriod,
} from '../grants-store.ts';
import { lockFunds } from '../store.ts';
import { openGrantPeriod } from './open-grant.ts';
import { postTransfers } from './post-transfers.ts';

const batchMax = 500;

/**
 * Ends the periods of grants that are over: what is left is carried into the next as far as the grant says, the rest
 * expires, and the period after the next is opened ahead. Each in a transaction of its own; what calls in flight give
 * back later is treated alike when they have. Answers how many were ended.
 */
export async function turnGrants(context: Context): Promise<number> {
  const now = context.clocks.business();
  const failed = new Set<string>();
  let ended = 0;
  for (;;) {
    const due = await listEndedPeriods(context.database, now, batchMax + failed.size);
    const fresh = due.filter((period) => !failed.has(keyOf(period)));
    if (fresh.length === 0) return ended;
    for (const period of fresh) {
      try {
        await inTransaction(context, (transaction) => turn(context, transaction, period));
        ended += 1;
      } catch (error) {
        // The credit of others shall not wait for it.
        failed.add(keyOf(period));
        context.log.error({ err: error, ...period }, 'the period of a grant could not be ended');
      }
    }
  }
}

function keyOf({ grantId, number }: PeriodKey): string {
  return `${grantId} ${number}`;
}

async function turn(context: Context, transaction: Transaction, key: PeriodKey): Promise<void> {
  await lockFunds(transaction, key.organizationId);
  const grant = await findGrant(transaction, key.grantId);
  const period = await findPeriod(transaction, key);
  invariant(grant && period, 'a period is of a grant');
  if (period.isClosed) return;
  const next = await findPeriod(transaction, { ...key, number: key.number + 1 });
  const decided = endPeriod({
    ...{ available: period.available, held: period.held, carried: period.carried },
    rolloverMax: grant.recurrence?.rolloverMax ?? 0n,
    hasNext: next !== undefined && !next.isClosed,
  });
  await postTransfers(
    context,
    transaction,
    key.organizationId,
    postingsOf(grant, { period, next }, decided),
  );
  const at = context.clocks.business();
  await turnPeriod(transaction, key, { at, carry: decided.carry, isClosed: decided.isClosed });
  if (period.turnedAt === null) {
    await openGrantPeriod(context, transaction, grant, key.number + 2);
  }
}

function postingsOf(
  { id, currency }: Grant,
  { period, next }: { period: Period; next: Period | undefined },
  { carry, expire }: { carry: bigint; expire: bigint },
): Posting[] {
  const debit = `grant:${period.bucketId}` as const;
  const postings: Posting[] = [];
  if (next && carry > 0n) {
    const amount = { amount: carry, currency };
    const credit = `grant:${next.bucketId}` as const;
    postings.push({ debit, credit, amount, kind: 'grant_rollover', reference: id });
  }
  if (expire > 0n) {
    const amount = { amount: expire, currency };
    postings.push({ debit, credit: 'breakage', amount, kind: 'grant_expiry', reference: id });
  }
  return postings;
}
