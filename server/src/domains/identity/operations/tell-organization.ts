import type { OrganizationEvent } from '@sluice/contract/organization-settings';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
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
}
