import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Money } from '../../../platform/money.ts';
import { insertBuckets, lockFunds } from '../store.ts';
import { postTransfers } from './post-transfers.ts';

/** What a package gives for one of its days. */
export interface NewAllowance {
  organizationPackageId: string;
  /** Which of the package's days, from 0. */
  day: number;
  amount: Money;
  opensAt: Date;
  closesAt: Date;
  /** Not spendable in between: the purchase day's allowance rests until the last, partial day. */
  pause: { from: Date; until: Date } | null;
  /** When its package ends: what ends first is spent first. */
  spendBefore: Date;
}

/** Opens one bucket per day and fills it from the world. */
export async function openAllowances(
  context: Context,
  transaction: Transaction,
  organizationId: string,
  allowances: readonly NewAllowance[],
): Promise<void> {
  const funds = await lockFunds(transaction, organizationId);
  invariant(funds, `organization ${organizationId} has funds`);
  const opened = allowances.map((allowance) => ({
    id: newId('alw', context.clocks.business()),
    ...allowance,
  }));
  await insertBuckets(
    transaction,
    organizationId,
    opened.map(({ id, amount, opensAt, closesAt, pause, ...allowance }) => ({
      id,
      kind: 'allowance' as const,
      currency: amount.currency,
      spend_before: allowance.spendBefore,
      opens_at: opensAt,
      closes_at: closesAt,
      ...(pause && { pause_from: pause.from, pause_until: pause.until }),
      organization_package_id: allowance.organizationPackageId,
      day: allowance.day,
    })),
  );
  await postTransfers(
    context,
    transaction,
    organizationId,
    opened.map(({ id, amount, organizationPackageId }) => ({
      debit: 'world',
      credit: `allowance:${id}`,
      amount,
      kind: 'allowance',
      reference: organizationPackageId,
    })),
  );
}
