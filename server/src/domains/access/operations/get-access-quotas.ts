import { invariant } from '../../../platform/errors.ts';
import { listQuotas, type QuotaView } from '../../entitlements/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import type { QuotaState } from '../core/commands.ts';
import { findCounters } from '../limits-store.ts';
import type { AccessSubject } from '../subjects.ts';

/** More than any organization has in force. */
const quotasMax = 1000;

/** The limits that count for a subject: its organization's, and its own as a member and a key. */
export async function getAccessQuotas(
  { platform }: ApplicationAccess,
  subject: AccessSubject,
): Promise<QuotaState[]> {
  const at = platform.clocks.business();
  const { database } = platform;
  const { organizationId } = subject;
  const all = await listQuotas(database, {
    organizationId,
    after: undefined,
    limit: quotasMax,
    at,
  });
  const quotas = all.filter((quota) => quota.inForce && countsFor(quota, subject));
  const ids = quotas.map(({ id }) => id);
  const counters = await findCounters(database, ids, at);
  return quotas.map((quota) => {
    const counter = counters.get(quota.id);
    invariant(counter, `quota ${quota.id} has a window`);
    return {
      quotaId: quota.id,
      meterId: quota.meterId,
      subjectKind: quota.subject.kind,
      subjectId: quota.subject.id,
      window: quota.window,
      limit: quota.limit,
      isHard: quota.hard,
      ...counter,
    };
  });
}

function countsFor({ subject }: QuotaView, { key, userId }: AccessSubject): boolean {
  if (subject.kind === 'organization') return true;
  return subject.id === (subject.kind === 'member' ? userId : key?.apiKeyId);
}
