/** Whom to call before they stop paying: stated rules over what is known of a customer, each with its reason. */
import type { warningReasons } from '@sluice/contract/reports-revenue';

export type WarningReason = (typeof warningReasons)[number];

/** What is known of one customer. */
export interface PaymentHistory {
  /** Open past its day, now. */
  isOverdue: boolean;
  /** Charges without the payer that failed in the last 30 days, with none that succeeded after. */
  chargesFailed: bigint;
  /** The default method's last month, `YYYY-MM`, and the month of the next renewal; null where there is none. */
  methodExpires: string | null;
  renewsIn: string | null;
  /** Of the last year: invoices that fell overdue, and those that were given up. */
  late: bigint;
  givenUp: bigint;
  /** Owed for calls that nothing could pay. */
  shortfall: bigint;
  /** Whether anything is still to be paid: an open invoice, or a renewal. */
  isOwing: boolean;
}

/** So often late within a year is a habit. */
export const lateTimes = 2;
export const historyDays = 365;
export const chargeDays = 30;

/** Why a customer is likely not to pay what comes next; empty where nothing says so. */
export function warn(history: PaymentHistory): WarningReason[] {
  const { chargesFailed, methodExpires, renewsIn, late, givenUp, shortfall } = history;
  const reasons: WarningReason[] = [];
  if (history.isOverdue) reasons.push('overdue');
  if (!history.isOwing && shortfall === 0n) return reasons;
  if (chargesFailed > 0n) reasons.push('charges_fail');
  // A card can be charged until the end of its month.
  if (methodExpires !== null && renewsIn !== null && methodExpires < renewsIn) {
    reasons.push('method_expires');
  }
  if (givenUp > 0n) reasons.push('written_off_before');
  else if (late >= BigInt(lateTimes)) reasons.push('pays_late');
  if (shortfall > 0n) reasons.push('owes_for_calls');
  return reasons;
}
