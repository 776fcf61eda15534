import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { isTimeZone } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Membership } from '../core/people.ts';
import { builtIn } from '../core/roles.ts';
import { organizationCreated } from '../events.ts';
import { countOwned, insertMember } from '../store/members.ts';
import { insertOrganization } from '../store/organizations.ts';
import { lockUser } from '../store/users.ts';

/** So many organizations may one person own; each may get a gift that a new organization gets. */
const ownedMax = 20;

/**
 * Makes an organization that the person owns.
 * @throws Refusal `malformed` for an unknown time zone, `rule_violated` for one too many.
 */
export async function openOrganization(
  context: Context,
  { userId, name, timeZone }: { userId: string; name: string; timeZone?: string | undefined },
): Promise<Membership> {
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new Refusal('malformed', 'Use an IANA time zone, such as "Asia/Shanghai".', {
      param: 'time_zone',
    });
  }
  return inTransaction(context, async (transaction) => {
    // Of two requests at once the second sees what the first made.
    invariant(await lockUser(transaction, userId), 'a session belongs to a person');
    if ((await countOwned(transaction, userId)) >= ownedMax) {
      const sentence = `You own ${ownedMax} organizations, which is the most: close or hand over one.`;
      throw new Refusal('rule_violated', sentence);
    }
    const createdAt = context.clocks.business();
    const organization = await insertOrganization(transaction, {
      ...{ id: newId('org', createdAt), name, personalUserId: null, createdAt },
      timeZone: timeZone ?? context.config.timeZone,
    });
    const place = { organizationId: organization.id, userId };
    await insertMember(transaction, { ...place, role: 'owner', at: createdAt });
    await context.events.announce(context, transaction, organizationCreated, {
      organizationId: organization.id,
      timeZone: organization.timeZone,
    });
    await recordAudit(context, transaction, {
      organizationId: organization.id,
      action: 'organization.create',
      resource: { kind: 'organization', id: organization.id },
      newValues: { name: organization.name, time_zone: organization.timeZone, owner: userId },
    });
    return { ...organization, ...builtIn('owner') };
  });
}
