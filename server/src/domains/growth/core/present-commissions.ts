/** Resellers and their commissions as the API answers them. */
import type { setReseller } from '@sluice/contract/commissions';
import type { AnswerOf } from '@sluice/contract/endpoint';
import { formatNanos } from '../../../platform/money.ts';
import { formatMultiplier } from '../../../platform/multiplier.ts';
import { maskEmail } from './code.ts';
import type { Reason } from './referral.ts';

interface ShownReseller {
  organizationId: string;
  shareMillionths: number;
  months: number;
  waitingDays: number;
  status: 'active' | 'ended';
  since: Date;
  customers: number;
  kept: bigint;
  pending: bigint;
  earned: bigint;
}

export function presentReseller(
  reseller: ShownReseller,
  currency: string,
): AnswerOf<typeof setReseller> {
  return {
    organization: reseller.organizationId,
    share: formatMultiplier(BigInt(reseller.shareMillionths)),
    months: reseller.months,
    waiting_days: reseller.waitingDays,
    status: reseller.status,
    since: reseller.since.toISOString(),
    customers: reseller.customers,
    paid: formatNanos(reseller.kept),
    pending: formatNanos(reseller.pending),
    earned: formatNanos(reseller.earned),
    currency,
  };
}

interface ShownCommission {
  id: string;
  state: 'pending' | 'earned' | 'refused' | 'clawed_back';
  reason: Reason | null;
  paid: bigint;
  kept: bigint;
  shareMillionths: number;
  paidAt: Date;
  dueAt: Date | null;
}

/** `given` is the credit for it, less what was taken back. */
export function presentCommission(
  commission: ShownCommission,
  { given, currency }: { given: bigint; currency: string },
) {
  return {
    id: commission.id,
    state: commission.state,
    reason: commission.reason,
    paid: formatNanos(commission.paid),
    kept: formatNanos(commission.kept),
    share: formatMultiplier(BigInt(commission.shareMillionths)),
    amount: formatNanos(given),
    currency,
    paid_at: commission.paidAt.toISOString(),
    due_at: commission.dueAt?.toISOString() ?? null,
  };
}

/** `email` of who signed up; undefined where it is gone. */
export function presentWho(email: string | undefined): string {
  return email === undefined ? '•••' : maskEmail(email);
}
