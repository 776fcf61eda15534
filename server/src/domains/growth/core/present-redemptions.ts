/** Batches of codes as the API answers them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { searchRedemptionCodes } from '@sluice/contract/redemptions';
import { formatNanos } from '../../../platform/money.ts';

interface ShownBatch {
  id: string;
  name: string;
  amount: bigint;
  currency: string;
  priority: number;
  creditExpiresInDays: number | null;
  expiresAt: Date | null;
  maxPerOrganization: number;
  createdAt: Date;
  unused: number;
  redeemed: number;
  void: number;
}

export function presentBatch(
  batch: ShownBatch,
): AnswerOf<typeof searchRedemptionCodes>['data'][number] {
  const { unused, redeemed, void: voided } = batch;
  return {
    id: batch.id,
    name: batch.name,
    amount: formatNanos(batch.amount),
    currency: batch.currency,
    priority: batch.priority,
    credit_expires_in_days: batch.creditExpiresInDays,
    expires_at: batch.expiresAt?.toISOString() ?? null,
    max_redemptions_per_organization: batch.maxPerOrganization,
    count: unused + redeemed + voided,
    unused,
    redeemed,
    void: voided,
    created_at: batch.createdAt.toISOString(),
  };
}
