/**
 * Keeps that something happened, with the transaction that makes it true: one row. Whom it is told is decided behind the
 * commit, so that a purchase waits for no list of members, and fails for none.
 */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { Happening } from '../../../platform/happenings.ts';
import { newId } from '../../../platform/ids.ts';
import { enqueueJob } from '../../jobs/index.ts';
import { isTold } from '../core/happenings.ts';
import { insertNotice } from '../store.ts';

export const tellJobName = 'notices.tell';

export async function hearHappening(
  context: Context,
  transaction: Transaction,
  { id: happeningId, name, organizationId, userId, occurredAt, data }: Happening,
): Promise<void> {
  const at = new Date(occurredAt);
  if (!isTold(name, data, at)) return;
  const id = newId('ntc', at);
  const isNew = await insertNotice(transaction, {
    ...{ id, happeningId, organizationId, userId, name, data },
    ...{ occurredAt: at, heardAt: context.clocks.wall() },
  });
  if (isNew) await enqueueJob(transaction, tellJobName, { id });
}
