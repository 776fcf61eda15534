import type { OrganizationEvent } from '@sluice/contract/organization-settings';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { queueMail } from '../../delivery/index.ts';
import type { Organization } from '../core/people.ts';
import { renderTeamNotice, type TeamNotice } from '../core/team-mails.ts';
import { recipientsOf } from './recipients-of.ts';

interface TeamNews {
  event: Extract<OrganizationEvent, 'members.changed' | 'security.changed'>;
  notice: TeamNotice;
  /** Whom it is about, as people call them. */
  who: string;
}

/** Mails those whom an organization has told of such news. */
export async function tellOrganization(
  context: Context,
  transaction: Transaction,
  { id, name }: Pick<Organization, 'id' | 'name'>,
  { event, notice, who }: TeamNews,
): Promise<void> {
  const page = event === 'members.changed' ? 'members' : 'organization?tab=security';
  const link = `${context.config.publicUrl}/${page}`;
  const asking = { config: context.config, database: transaction };
  for (const { email, locale } of await recipientsOf(asking, id, event)) {
    const mail = renderTeamNotice(notice, locale, { names: { organization: name, who }, link });
    await queueMail(context, transaction, { to: email, ...mail });
  }
}
