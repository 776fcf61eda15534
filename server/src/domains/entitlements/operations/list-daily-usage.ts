import type { Executor } from '../../../platform/database/pool.ts';
import { type AllowanceRow, listAllowances } from '../../ledger/index.ts';
import type { DailyUsage } from '../core/present.ts';
import { listPackagesInForce } from '../store.ts';

/** Reads the open allowance of each package, in the order in which they are spent. */
export async function listDailyUsage(
  executor: Executor,
  organizationId: string,
  at: Date,
): Promise<DailyUsage[]> {
  const packages = await listPackagesInForce(executor, organizationId, at);
  if (packages.length === 0) return [];
  const open = (await listAllowances(executor, organizationId, at)).filter((row) =>
    isOpen(row, at),
  );
  return packages.flatMap((entitled) => {
    const row = open.find(
      ({ organization_package_id }) => organization_package_id === entitled.organization_package_id,
    );
    if (!row) return [];
    return [
      {
        organizationPackageId: entitled.organization_package_id,
        packageId: entitled.package_id,
        name: entitled.name,
        allowance: entitled.daily_limit,
        used: entitled.daily_limit - row.available - row.held,
        held: row.held,
        remaining: row.available,
        currency: row.currency,
        resetsAt: row.pause_from !== null && at < row.pause_from ? row.pause_from : row.closes_at,
        expiresAt: entitled.ends_at,
      },
    ];
  });
}

function isOpen(row: AllowanceRow, at: Date): boolean {
  if (at < row.opens_at || at >= row.closes_at) return false;
  if (row.pause_from === null || row.pause_until === null) return true;
  return at < row.pause_from || at >= row.pause_until;
}
