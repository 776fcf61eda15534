import {
  type NoticeChannel,
  type OrganizationEvent,
  organizationEvents,
  usualChannels,
} from '@sluice/contract/organization-settings';
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
 * whose role is about it; nobody where it wants no mail of such things.
 */
export async function recipientsOf(
  asking: Asking,
  organizationId: string,
  event: OrganizationEvent,
  { unlessSaid = null }: RecipientOptions = {},
): Promise<Recipient[]> {
  const { locale } = asking.config;
  const { isSaid, channels, members, addresses } = await audienceOf(asking, organizationId, event);
  if (!channels.includes('mail')) return [];
  if (!isSaid && unlessSaid !== null) return [{ email: unlessSaid, locale }];
  return [
    ...members.map(({ email, locale: own }) => ({ email, locale: own })),
    ...addresses.map((email) => ({ email, locale })),
  ];
}

export interface Audience {
  /** Whether the organization said it, or nobody has changed what is usual. */
  isSaid: boolean;
  channels: readonly NoticeChannel[];
  members: (Recipient & { userId: string })[];
  /** Mail addresses beside them, none of a member who is told already. */
  addresses: string[];
}

/** Who is told of what happens to an organization, and by which ways. */
export async function audienceOf(
  { database }: Pick<Asking, 'database'>,
  organizationId: string,
  event: OrganizationEvent,
): Promise<Audience> {
  const rule = await findNotificationRule(database, { organizationId, event });
  const found = await findMembers(database, { organizationId, limit: recipientsMax });
  const members = found.filter(({ status, userId, ...role }) => {
    if (status !== 'active') return false;
    if (rule?.userIds) return rule.userIds.includes(userId);
    return permissionsOf(role).includes(organizationEvents[event]);
  });
  const known = new Set(members.map(({ email }) => email));
  return {
    isSaid: rule !== undefined,
    channels: rule?.channels ?? usualChannels(event),
    members: members.map(({ userId, email, locale }) => ({ userId, email, locale })),
    addresses: (rule?.addresses ?? []).filter((email) => !known.has(email)),
  };
}
