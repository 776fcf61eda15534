/** Allowances in the contract's words. */
import type { DailyUsage as DailyUsageAnswer } from '@sluice/contract/entitlements';
import type { z } from 'zod';
import { formatMoney } from '../../../platform/money.ts';

/** A package's allowance that is open now, in nano-units. */
export interface DailyUsage {
  organizationPackageId: string;
  packageId: string;
  name: string;
  allowance: bigint;
  used: bigint;
  held: bigint;
  remaining: bigint;
  currency: string;
  resetsAt: Date;
  expiresAt: Date;
}

/** `date` is today in the organization's zone. */
export function presentDailyUsage(
  usage: DailyUsage,
  date: string,
): z.output<typeof DailyUsageAnswer> {
  const { currency } = usage;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    organization_package: usage.organizationPackageId,
    package: { id: usage.packageId, name: usage.name },
    date,
    allowance: wire(usage.allowance),
    used: wire(usage.used),
    held: wire(usage.held),
    remaining: wire(usage.remaining),
    currency,
    resets_at: usage.resetsAt.toISOString(),
    expires_at: usage.expiresAt.toISOString(),
  };
}
