import { type Context, inTransaction } from '../../../platform/context.ts';
import { parseNanos } from '../../../platform/money.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import { findOrganization } from '../../identity/index.ts';
import { sumUsage, type UsagePoint } from '../../metering/index.ts';
import { readSetting } from '../../settings/index.ts';
import { saveBurst } from '../signals-store.ts';
import { noteSignal } from './note-signal.ts';

const dayMs = 86_400_000;

/**
 * Finds young organizations that used more in a day than their age lets expect, yesterday's late events included. A day is
 * kept once for each, and asked about again only where more was used in it: any number of runs say the same.
 */
export async function watchUsage(context: Context): Promise<number> {
  const { database, config } = context;
  const { timeZone } = config;
  const now = context.clocks.business();
  const { burst_per_day: perDay, burst_age_days: youngDays } = await readSetting(
    database,
    'risk_rules',
  );
  const days = await sumUsage(database, {
    organizationId: undefined,
    from: startOfNextDay(startOfDay(now, timeZone), timeZone, -1),
    to: startOfNextDay(now, timeZone),
    ...{ interval: 'day', timeZone, groups: ['organization'] },
  });
  const least = parseNanos(perDay);
  let found = 0;
  for (const day of days.filter(({ amount }) => amount > least)) {
    if (await keepBurst(context, day, { least, youngDays })) found += 1;
  }
  return found;
}

async function keepBurst(
  context: Context,
  { organization: organizationId, starts_at: day, amount }: UsagePoint,
  { least, youngDays }: { least: bigint; youngDays: number },
): Promise<boolean> {
  if (organizationId === null) return false;
  const organization = await findOrganization(context.database, organizationId);
  if (!organization) return false;
  const age = Math.ceil((day.getTime() + dayMs - organization.createdAt.getTime()) / dayMs);
  const days = Math.max(1, age);
  const allowed = least * BigInt(days);
  if (days > youngDays || amount <= allowed) return false;
  return inTransaction(context, async (transaction) => {
    const isNew = await saveBurst(transaction, { organizationId, day, amount, allowed });
    if (isNew) await noteSignal(context, transaction, { organizationId, spreads: false });
    return isNew;
  });
}
