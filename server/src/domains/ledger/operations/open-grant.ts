import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Money } from '../../../platform/money.ts';
import { grantPeriod, type Recurrence } from '../core/grant-periods.ts';
import { type Grant, insertGrant, insertPeriod } from '../grants-store.ts';
import { insertBuckets, lockFunds } from '../store.ts';
import { postTransfers } from './post-transfers.ts';

/** Promotional or bought credit, spent after allowances and before the wallet. */
export interface NewGrant {
  organizationId: string;
  /** Of each period. */
  amount: Money;
  /** Lower is spent first; then what expires first; then the older one. */
  priority: number;
  expiresAt: Date | null;
  /** What is behind it; the grant itself where left out. */
  reference?: string;
  note?: string | null;
  /** Given anew for each period, counted in the organization's zone. */
  recurrence?: Omit<Recurrence, 'timeZone'> | null;
}

/**
 * Gives credit; answers the grant, whose id is that of its first bucket.
 * @throws Refusal `not_found` for an organization without funds.
 */
export async function openGrant(
  context: Context,
  transaction: Transaction,
  { organizationId, amount: { amount, currency }, priority, expiresAt, ...given }: NewGrant,
): Promise<Grant> {
  const funds = await lockFunds(transaction, organizationId);
  if (!funds) throw notFound('organization');
  const now = context.clocks.business();
  const { time_zone: timeZone } = funds;
  const id = newId('grt', now);
  const grant: Grant = {
    ...{ id, organizationId, amount, currency, priority },
    ...{ startsAt: now, endsAt: expiresAt, createdAt: now },
    reference: given.reference ?? id,
    note: given.note ?? null,
    recurrence: given.recurrence ? { ...given.recurrence, timeZone } : null,
  };
  await insertGrant(transaction, grant, timeZone);
  await openGrantPeriod(context, transaction, grant, 0);
  await openGrantPeriod(context, transaction, grant, 1);
  return grant;
}

/** Opens the bucket of a period, and fills it; after the last period it does nothing. */
export async function openGrantPeriod(
  context: Context,
  transaction: Transaction,
  grant: Grant,
  number: number,
): Promise<void> {
  const period = grantPeriod(grant, number);
  if (!period) return;
  const { id, organizationId, amount, currency, priority } = grant;
  const bucketId = number === 0 ? id : newId('grt', context.clocks.business());
  await insertBuckets(transaction, organizationId, [
    {
      ...{ id: bucketId, kind: 'grant', currency, priority },
      ...(number > 0 && { opens_at: period.from }),
      ...(period.to && { spend_before: period.to, closes_at: period.to }),
    },
  ]);
  await insertPeriod(transaction, { grantId: id, number, bucketId, closesAt: period.to });
  await postTransfers(context, transaction, organizationId, [
    {
      ...{ debit: 'world', credit: `grant:${bucketId}` },
      ...{ amount: { amount, currency }, kind: 'grant', reference: grant.reference },
    },
  ]);
}
