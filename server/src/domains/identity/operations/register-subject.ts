import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Organization } from '../core/people.ts';
import { organizationCreated } from '../events.ts';
import { keyringChannel } from '../keyring.ts';
import { findMembership } from '../store/members.ts';
import { findOrganization, insertOrganization } from '../store/organizations.ts';
import {
  deleteSubject,
  lockSubjectName,
  type NamedSubject,
  saveSubject,
} from '../store/subjects.ts';

export interface Registration {
  applicationId: string;
  externalId: string;
  /** Left out, the one before stays, or one is made. */
  organizationId?: string | undefined;
  /** Left out, the one before stays while the organization does. */
  userId?: string | null | undefined;
  name?: string | undefined;
}

/**
 * Says whose use it is when an application names a customer by an id of its own.
 * @throws Refusal `rule_violated` for an unknown organization, or a person who is no member of it.
 */
export async function registerSubject(
  context: Context,
  { applicationId, externalId, ...wanted }: Registration,
): Promise<NamedSubject> {
  return inTransaction(context, async (transaction) => {
    const old = await lockSubjectName(transaction, { applicationId, externalId });
    const organizationId =
      wanted.organizationId ??
      old?.organizationId ??
      (await makeOrganization(context, transaction, wanted.name ?? externalId)).id;
    const kept = old?.organizationId === organizationId ? old.userId : null;
    const userId = wanted.userId === undefined ? kept : wanted.userId;
    await requireThere(transaction, { organizationId, userId });
    const createdAt = old?.createdAt ?? context.clocks.business();
    const subject = { externalId, organizationId, userId, createdAt };
    if (old?.organizationId === organizationId && old.userId === userId) return old;

    await saveSubject(transaction, { ...subject, applicationId });
    for (const id of new Set([organizationId, old?.organizationId ?? organizationId])) {
      await notify(transaction, keyringChannel, id);
    }
    await recordAudit(context, transaction, {
      organizationId,
      action: 'subject.register',
      resource: { kind: 'subject', id: externalId },
      ...(old ? { oldValues: { organization: old.organizationId, user: old.userId } } : {}),
      newValues: { application: applicationId, organization: organizationId, user: userId },
    });
    return subject;
  });
}

/**
 * Forgets what an application called a customer.
 * @throws Refusal `subject_unknown`.
 */
export async function removeSubject(
  context: Context,
  name: { applicationId: string; externalId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const old = await lockSubjectName(transaction, name);
    if (!old) throw subjectUnknown();
    await deleteSubject(transaction, name);
    await notify(transaction, keyringChannel, old.organizationId);
    await recordAudit(context, transaction, {
      organizationId: old.organizationId,
      action: 'subject.remove',
      resource: { kind: 'subject', id: name.externalId },
      oldValues: { application: name.applicationId, user: old.userId },
    });
  });
}

export function subjectUnknown(): Refusal {
  return new Refusal(
    'subject_unknown',
    'No subject has this external id: register it with PUT /api/v1/access/subjects/{external_id}.',
    { param: 'external_id' },
  );
}

/** An organization without members: what it uses is decided and counted. */
async function makeOrganization(
  context: Context,
  transaction: Transaction,
  name: string,
): Promise<Organization> {
  const createdAt = context.clocks.business();
  const organization = await insertOrganization(transaction, {
    id: newId('org', createdAt),
    name,
    personalUserId: null,
    timeZone: context.config.timeZone,
    createdAt,
  });
  const { id: organizationId, timeZone } = organization;
  await context.events.announce(context, transaction, organizationCreated, {
    organizationId,
    timeZone,
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'organization.create',
    resource: { kind: 'organization', id: organizationId },
    newValues: { name, time_zone: timeZone },
  });
  return organization;
}

async function requireThere(
  transaction: Transaction,
  { organizationId, userId }: { organizationId: string; userId: string | null },
): Promise<void> {
  if (!(await findOrganization(transaction, organizationId))) {
    throw new Refusal('rule_violated', 'There is no such organization: check its id (org_…).', {
      param: 'organization',
    });
  }
  if (userId === null || (await findMembership(transaction, { organizationId, userId }))) return;
  throw new Refusal('rule_violated', 'This person is no member of the organization.', {
    param: 'user',
  });
}
