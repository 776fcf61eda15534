import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { isTimeZone } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Membership, Organization } from '../core/people.ts';
import { organizationTimeZoneChanged } from '../events.ts';
import { findMembership, lockOrganization, updateOrganizationRow } from '../store/organizations.ts';

/**
 * One organization of a person.
 * @throws Refusal `not_found` where the person is no member of it.
 */
export async function getOrganization(
  executor: Executor,
  { id, userId }: { id: string; userId: string },
): Promise<Membership> {
  const membership = await findMembership(executor, { organizationId: id, userId });
  if (!membership) throw notFound('organization');
  return membership;
}

export interface OrganizationChange {
  id: string;
  userId: string;
  name?: string | undefined;
  timeZone?: string | undefined;
}

/**
 * Renames an organization or moves it to another time zone.
 * @throws Refusal `not_found`, `forbidden` for members who do not manage it, `malformed` for an unknown zone.
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
    const { role } = await getOrganization(transaction, change);
    if (role !== 'owner' && role !== 'admin') {
      throw new Refusal('forbidden', 'Ask an owner or admin of the organization to change it.');
    }
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
