import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { fromMinor, type MinorMoney } from '../../../platform/money.ts';
import { postTransfers } from '../../ledger/index.ts';
import { markFeeBooked } from '../reconciliation-items-store.ts';

export const feeKind = 'provider_fee';

interface Fee {
  itemId: string;
  provider: string;
  organizationId: string | null;
  attemptId: string | null;
  /** Negative where the provider gave some of it back. */
  fee: MinorMoney | null | undefined;
}

/** What the provider kept leaves what it holds for us, or comes back; only of what we have it is anybody's. */
export async function bookFee(
  context: Context,
  transaction: Transaction,
  { itemId, provider, organizationId, attemptId, fee }: Fee,
): Promise<void> {
  if (!fee || fee.minor === 0n || organizationId === null) return;
  const clearing = `clearing:${provider}` as const;
  const isKept = fee.minor > 0n;
  const minor = isKept ? fee.minor : -fee.minor;
  await postTransfers(context, transaction, organizationId, [
    {
      ...(isKept
        ? { debit: 'provider_fees' as const, credit: clearing }
        : { debit: clearing, credit: 'provider_fees' as const }),
      ...{ amount: fromMinor({ ...fee, minor }), kind: feeKind, reference: attemptId ?? itemId },
    },
  ]);
  await markFeeBooked(transaction, itemId);
}
