/** Organization packages as the contract shows them. */
import type { OrganizationPackage as Schema } from '@sluice/contract/subscriptions';
import type { z } from 'zod';
import type { OrganizationPackage } from './organization-package.ts';

export type OrganizationPackageView = z.output<typeof Schema>;

export function presentOrganizationPackage(owned: OrganizationPackage): OrganizationPackageView {
  return {
    id: owned.id,
    package: { id: owned.packageId, name: owned.name },
    status: owned.status,
    invoice: owned.invoiceId,
    starts_at: owned.startsAt?.toISOString() ?? null,
    ends_at: owned.endsAt?.toISOString() ?? null,
  };
}
