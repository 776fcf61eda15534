/** Tells of allowances of which a fifth or nothing is left, once each. Looked at by a job, so that no call waits for it. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatNanos } from '../../../platform/money.ts';
import {
  type DrainedAllowance,
  findDrainedAllowances,
  markAllowanceTold,
} from '../../ledger/index.ts';
import { type EntitledPackageRow, listAllPackagesInForce } from '../store.ts';

const batchSize = 1_000;

export async function watchAllowances(context: Context): Promise<number> {
  const at = context.clocks.business();
  let told = 0;
  let after: string | undefined;
  do {
    const page = { at, after, limit: batchSize };
    const packages = await listAllPackagesInForce(context.database, page);
    told += await watchThese(context, packages);
    after = packages.length < batchSize ? undefined : packages.at(-1)?.organization_package_id;
  } while (after !== undefined);
  return told;
}

async function watchThese(
  context: Context,
  packages: readonly EntitledPackageRow[],
): Promise<number> {
  const asked = packages.map((entitled) => ({
    organizationId: entitled.organization_id,
    organizationPackageId: entitled.organization_package_id,
    atMost: entitled.daily_limit / 5n,
  }));
  const drained = await findDrainedAllowances(context.database, asked, context.clocks.business());
  const byId = new Map(packages.map((entitled) => [entitled.organization_package_id, entitled]));
  let told = 0;
  for (const allowance of drained) {
    const entitled = byId.get(allowance.organizationPackageId);
    if (entitled && (await tell(context, entitled, allowance))) told += 1;
  }
  return told;
}

async function tell(
  context: Context,
  entitled: EntitledPackageRow,
  { bucketId, remaining, resetsAt }: DrainedAllowance,
): Promise<boolean> {
  const isUsedUp = remaining === 0n;
  return inTransaction(context, async (transaction) => {
    const at = context.clocks.business();
    if (!(await markAllowanceTold(transaction, { bucketId, isUsedUp, at }))) return false;
    const name = isUsedUp ? 'allowance.used_up' : 'allowance.nearly_used';
    await announceHappening(context, transaction, name, {
      organizationId: entitled.organization_id,
      data: {
        ...{ package: entitled.organization_package_id, name: entitled.name },
        allowance: formatNanos(entitled.daily_limit),
        remaining: formatNanos(remaining),
        currency: entitled.currency,
        resets_at: resetsAt.toISOString(),
      },
    });
    return true;
  });
}
