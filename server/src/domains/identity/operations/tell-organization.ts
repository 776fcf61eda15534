import type { OrganizationEvent } from '@sluice/contract/organization-settings';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { queueMail } from '../../delivery/index.ts';
import type { Organization } from '../core/people.ts';
import { renderTeamNotice, type TeamNotice } from '../core/team-mails.ts';
import { recipientsOf } from './recipients-of.ts';

/** Which news it is, and the page that shows it. */
const about: Record<TeamNotice, { event: OrganizationEvent; page: string }> = {
  member_joined: { event: 'members.changed', page: 'members' },
  member_left: { event: 'members.changed', page: 'members' },
  handed_over: { event: 'members.changed', page: 'members' },
  security_changed: { event: 'security.changed', page: 'organization?tab=security' },
  security_lifted: { event: 'security.changed', page: 'organization?tab=security' },
  support_began: { event: 'security.changed', page: 'organization?tab=support' },
};

interface TeamNews {
  notice: TeamNotice;
  /** Whom it is about, as people call them. */
  who: string;
}

/** Mails those whom an organization has told of such news. */
export async function tellOrganization(
  context: Context,
  transaction: Transaction,
  { id, name }: Pick<Organization, 'id' | 'name'>,
  { notice, who }: TeamNews,
): Promise<void> {
  const { event, page } = about[notice];
  const link = `${context.config.publicUrl}/${page}`;
  const asking = { config: context.config, database: transaction };
  for (const { email, locale } of await recipientsOf(asking, id, event)) {
    const mail = renderTeamNotice(notice, locale, { names: { organization: name, who }, link });
    await queueMail(context, transaction, { to: email, ...mail });
  }
  await announce(context, transaction, id, notice);
}

/** Without naming anybody: what is told further may be kept elsewhere. */
async function announce(
  context: Context,
  transaction: Transaction,
  organizationId: string,
  notice: TeamNotice,
): Promise<void> {
  switch (notice) {
    case 'member_joined':
    case 'member_left':
    case 'handed_over': {
      const data = { change: memberChanges[notice] };
      return announceHappening(context, transaction, 'members.changed', { organizationId, data });
    }
    case 'security_changed':
    case 'security_lifted':
    case 'support_began': {
      const data = { change: securityChanges[notice] };
      return announceHappening(context, transaction, 'security.changed', { organizationId, data });
    }
  }
}

const memberChanges = {
  member_joined: 'joined',
  member_left: 'left',
  handed_over: 'handed_over',
} as const;

const securityChanges = {
  security_changed: 'changed',
  security_lifted: 'lifted',
  support_began: 'support_began',
} as const;
