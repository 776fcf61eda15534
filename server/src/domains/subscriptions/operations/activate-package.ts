import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { recordAudit } from '../../audit/index.ts';
import { addPackageQuotas, grantPackageAllowances } from '../../entitlements/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { recognize } from '../core/recognition.ts';
import { lockOrganizationPackage, markActive } from '../store.ts';

/** Begins a package at the instant at which its invoice is paid, with its allowances and quotas, in that transaction. */
export async function activatePackage(
  context: Context,
  transaction: Transaction,
  id: string,
): Promise<void> {
  const owned = await lockOrganizationPackage(transaction, id);
  invariant(owned?.status === 'pending', `package ${id} waits for its payment`);
  const { organizationId, durationDays } = owned;
  const organization = await findOrganization(transaction, organizationId);
  invariant(organization, `package ${id} belongs to an organization`);

  const { timeZone } = organization;
  const startsAt = context.clocks.business();
  const { endsAt } = await grantPackageAllowances(context, transaction, {
    organizationId,
    organizationPackageId: id,
    packageId: owned.packageId,
    packageName: owned.name,
    dailyLimit: owned.dailyLimit,
    startsAt,
    durationDays,
    timeZone,
  });
  await addPackageQuotas(context, transaction, {
    organizationId,
    organizationPackageId: id,
    quotas: owned.quotas,
    startsAt,
    endsAt,
  });
  const term = { startsAt, timeZone, durationDays, priceMinor: owned.price.minor };
  const { nextAt } = recognize(term, startsAt);
  await markActive(transaction, id, { timeZone, startsAt, endsAt, nextRecognitionAt: nextAt });
  await announceHappening(context, transaction, 'package.activated', {
    organizationId,
    data: { package: id, name: owned.name, ends_at: endsAt.toISOString() },
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'package.activate',
    resource: { kind: 'organization_package', id },
    oldValues: { status: 'pending' },
    newValues: {
      status: 'active',
      starts_at: startsAt.toISOString(),
      ends_at: endsAt.toISOString(),
    },
  });
}
