import type { Executor } from '../../../platform/database/pool.ts';
import type { Money } from '../../../platform/money.ts';
import { listWalletLines } from '../store.ts';

export interface WalletTransaction {
  id: string;
  kind: string;
  /** Positive into the wallet, negative out of it. */
  amount: Money;
  reference: string;
  occurredAt: Date;
}

/** Reads what went into and out of the wallet, newest first. */
export async function listWalletTransactions(
  executor: Executor,
  organizationId: string,
  page: { before: string | undefined; limit: number },
): Promise<WalletTransaction[]> {
  const lines = await listWalletLines(executor, organizationId, page);
  return lines.map(({ id, debit, amount, currency, kind, reference, occurred_at }) => ({
    id,
    kind,
    amount: { amount: debit === 'wallet' ? -amount : amount, currency },
    reference,
    occurredAt: occurred_at,
  }));
}
