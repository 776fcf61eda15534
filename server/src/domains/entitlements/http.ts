import * as endpoints from '@sluice/contract/entitlements';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatMoney } from '../../platform/money.ts';
import { dayOf } from '../../platform/time.ts';
import { findOrganization } from '../identity/index.ts';
import { type DailyUsage, listDailyUsage } from './operations/list-daily-usage.ts';

export function registerEntitlements(routes: Routes): void {
  routes.serve(endpoints.listDailyUsage, async ({ context, organizationId, query }) => {
    const organization = await findOrganization(context.database, organizationId);
    if (!organization) throw notFound('organization');
    const at = context.clocks.business();
    const usage = await listDailyUsage(context.database, organizationId, at);
    const after = readCursor(query);
    const start = usage.findIndex(({ organizationPackageId }) => organizationPackageId === after);
    const date = dayOf(at, organization.timeZone);
    return pageOf(
      usage.slice(start + 1),
      query,
      ({ organizationPackageId }) => organizationPackageId,
      (item) => present(item, date),
    );
  });
}

function present(usage: DailyUsage, date: string) {
  const { currency } = usage;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    package: { id: usage.organizationPackageId, name: usage.name },
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
