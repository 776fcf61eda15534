import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { listAllowances, lockFunds, updateWindows } from '../../ledger/index.ts';
import { recutWindows } from '../core/windows.ts';
import { listPackagesInForce } from '../store.ts';

/** Lets the days of every package turn at the new zone's midnight, from the next reset on. */
export async function moveToTimeZone(
  context: Context,
  transaction: Transaction,
  { organizationId, timeZone }: { organizationId: string; timeZone: string },
): Promise<void> {
  const at = context.clocks.business();
  await lockFunds(transaction, organizationId);
  const packages = await listPackagesInForce(transaction, organizationId, at);
  const allowances = await listAllowances(transaction, organizationId, at);
  const moved = packages.flatMap((entitled) =>
    recutWindows(
      {
        startsAt: entitled.starts_at,
        durationDays: entitled.duration_days,
        timeZone: entitled.time_zone,
      },
      allowances
        .filter((row) => row.organization_package_id === entitled.organization_package_id)
        .map((row) => ({
          id: row.id,
          day: row.day,
          opensAt: row.opens_at,
          closesAt: row.closes_at,
          pauseFrom: row.pause_from,
        })),
      { at, timeZone },
    ),
  );
  if (moved.length > 0) await updateWindows(transaction, organizationId, moved);
}
