import type { BodyOf } from '@sluice/contract/endpoint';
import type { createPortalSession as endpoint } from '@sluice/contract/portal-sessions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../store/organizations.ts';
import { ensureGuest, hasSubject, insertPortalLink } from '../store/portal.ts';
import { findSubject } from '../store/subjects.ts';
import { subjectUnknown } from './register-subject.ts';

const linkMs = 5 * 60_000;

type Body = BodyOf<typeof endpoint>;

/**
 * Makes a link that opens the portal once, for a customer whom the application has named. Who comes by it is a guest of
 * the organization: they see and pay, as anybody whose role is billing.
 * @throws Refusal `subject_unknown`.
 */
export async function createPortalSession(
  context: Context,
  applicationId: string,
  { subject, page = 'billing', return_url: returnUrl, locale }: Body,
): Promise<{ url: string; expires_at: string }> {
  const token = newSecret('');
  const now = context.clocks.wall();
  const expiresAt = new Date(now.getTime() + linkMs);
  await inTransaction(context, async (transaction) => {
    const organizationId = await organizationOf(transaction, applicationId, subject);
    const organization = await findOrganization(transaction, organizationId);
    invariant(organization, 'a subject has an organization');
    const userId = await ensureGuest(transaction, {
      id: newId('usr', context.clocks.business()),
      ...{ organizationId, email: `${organizationId}@guest.invalid`, name: organization.name },
      locale: locale ?? context.config.locale,
      createdAt: context.clocks.business(),
    });
    await insertPortalLink(transaction, {
      hash: sha256(token),
      ...{ applicationId, organizationId, userId, page, returnUrl: returnUrl ?? null },
      ...{ createdAt: now, expiresAt },
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'portal_session.create',
      resource: { kind: 'organization', id: organizationId },
      newValues: { application: applicationId, page },
    });
  });
  const { publicUrl } = context.config;
  return {
    url: `${publicUrl}/portal-session?token=${token}`,
    expires_at: expiresAt.toISOString(),
  };
}

async function organizationOf(
  executor: Executor,
  applicationId: string,
  subject: Body['subject'],
): Promise<string> {
  if ('external_id' in subject) {
    const found = await findSubject(executor, applicationId, subject.external_id);
    if (!found) throw subjectUnknown();
    return found.organizationId;
  }
  const { organization: organizationId } = subject;
  // An application lets in its own customers, not everybody's.
  if (!(await hasSubject(executor, { applicationId, organizationId }))) throw subjectUnknown();
  return organizationId;
}
