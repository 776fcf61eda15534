import { type OrganizationEvent, organizationEvents } from '@sluice/contract/organization-settings';
import type { Config } from '../../../platform/config.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import type { Locale } from '../core/people.ts';
import { permissionsOf } from '../core/roles.ts';
import { findMembers } from '../store/members.ts';
import { findNotificationRule } from '../store/notification-rules.ts';

/** Nobody mails more people than this about one thing; who wants to reach them all uses a list's address. */
const recipientsMax = 100;

export interface Recipient {
  email: string;
  locale: Locale;
}

interface Asking {
  config: Pick<Config, 'locale'>;
  /** A transaction, where one is open. */
  database: Executor;
}

interface RecipientOptions {
  /** Gets it instead of the members whose role is about it, as long as the organization has not said who should. */
  unlessSaid?: string | null;
}

/**
 * Who is mailed about what happens to an organization: the members and addresses that it said, or every active member
 * whose role is about it.
 */
export async function recipientsOf(
  { config, database }: Asking,
  organizationId: string,
  event: OrganizationEvent,
  { unlessSaid = null }: RecipientOptions = {},
): Promise<Recipient[]> {
  const rule = await findNotificationRule(database, { organizationId, event });
  const { locale } = config;
  if (!rule && unlessSaid !== null) return [{ email: unlessSaid, locale }];
  const members = await findMembers(database, { organizationId, limit: recipientsMax });
  const told = members.filter(({ status, userId, ...role }) => {
    if (status !== 'active') return false;
    if (rule?.userIds) return rule.userIds.includes(userId);
    return permissionsOf(role).includes(organizationEvents[event]);
  });
  const recipients = new Map<string, Recipient>();
  for (const { email, locale: own } of told) recipients.set(email, { email, locale: own });
  for (const email of rule?.addresses ?? []) {
    if (!recipients.has(email)) recipients.set(email, { email, locale });
  }
  return [...recipients.values()];
}
