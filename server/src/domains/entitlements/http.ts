import * as endpoints from '@sluice/contract/entitlements';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { dayOf } from '../../platform/time.ts';
import { findOrganization } from '../identity/index.ts';
import { presentDailyUsage } from './core/present.ts';
import { listDailyUsage } from './operations/list-daily-usage.ts';

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
      (item) => presentDailyUsage(item, date),
    );
  });
}
