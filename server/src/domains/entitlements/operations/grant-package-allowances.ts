import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { Money } from '../../../platform/money.ts';
import { openAllowances } from '../../ledger/index.ts';
import { packageEnd, packageWindows } from '../core/windows.ts';
import { insertPackage } from '../store.ts';

export interface PackageGrant {
  organizationId: string;
  organizationPackageId: string;
  packageId: string;
  packageName: string;
  dailyLimit: Money;
  startsAt: Date;
  durationDays: number;
  /** The organization's zone: days turn at its midnight. */
  timeZone: string;
}

/** Gives an organization one allowance for each paid day; answers when the package ends. */
export async function grantPackageAllowances(
  context: Context,
  transaction: Transaction,
  grant: PackageGrant,
): Promise<{ endsAt: Date }> {
  const endsAt = packageEnd(grant);
  await insertPackage(transaction, {
    organization_package_id: grant.organizationPackageId,
    organization_id: grant.organizationId,
    package_id: grant.packageId,
    name: grant.packageName,
    daily_limit: grant.dailyLimit.amount,
    currency: grant.dailyLimit.currency,
    starts_at: grant.startsAt,
    ends_at: endsAt,
    duration_days: grant.durationDays,
    time_zone: grant.timeZone,
  });
  await openAllowances(
    context,
    transaction,
    grant.organizationId,
    packageWindows(grant).map((window) => ({
      organizationPackageId: grant.organizationPackageId,
      amount: grant.dailyLimit,
      spendBefore: endsAt,
      ...window,
    })),
  );
  return { endsAt };
}
