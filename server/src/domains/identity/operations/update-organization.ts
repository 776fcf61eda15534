import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { isTimeZone } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Organization } from '../core/people.ts';
import { organizationTimeZoneChanged } from '../events.ts';
import {
  findOrganization,
  lockOrganization,
  updateOrganizationRow,
} from '../store/organizations.ts';

/**
 * The acting organization: that the caller may act in it was decided when they were let in.
 * @throws Refusal `not_found`.
 */
export async function getOrganization(executor: Executor, id: string): Promise<Organization> {
  const organization = await findOrganization(executor, id);
  if (!organization) throw notFound('organization');
  return organization;
}

export interface OrganizationChange {
  id: string;
  name?: string | undefined;
  timeZone?: string | undefined;
}

/**
 * Renames an organization or moves it to another time zone.
 * @throws Refusal `not_found`, `malformed` for an unknown zone.
 */
export async function updateOrganization(
  context: Context,
  change: OrganizationChange,
): Promise<Organization> {
  if (change.timeZone !== undefined && !isTimeZone(change.timeZone)) {
    throw new Refusal('malformed', 'Use an IANA time zone, such as "Asia/Shanghai".', {
      param: 'time_zone',
    });
  }
  return inTransaction(context, async (transaction) => {
    const old = await lockOrganization(transaction, change.id);
    if (!old) throw notFound('organization');
    const changed: Organization = {
      ...old,
      name: change.name ?? old.name,
      timeZone: change.timeZone ?? old.timeZone,
    };
    await updateOrganizationRow(transaction, changed);
    if (changed.timeZone !== old.timeZone) {
      await context.events.announce(context, transaction, organizationTimeZoneChanged, {
        organizationId: changed.id,
        timeZone: changed.timeZone,
      });
    }
    await recordAudit(context, transaction, {
      organizationId: changed.id,
      action: 'organization.update',
      resource: { kind: 'organization', id: changed.id },
      oldValues: { name: old.name, time_zone: old.timeZone },
      newValues: { name: changed.name, time_zone: changed.timeZone },
    });
    return changed;
  });
}
