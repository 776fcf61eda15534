import { listOpenQuotas, type QuotaRow } from '../../metering/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import type { QuotaState } from '../core/commands.ts';
import type { AccessSubject } from '../subjects.ts';

/** More than any organization has in force. */
const quotasMax = 1000;

/** The limits that count for a subject: its organization's, and its own as a member and a key. */
export async function getAccessQuotas(
  { platform }: ApplicationAccess,
  subject: AccessSubject,
): Promise<QuotaState[]> {
  const quotas = await listOpenQuotas(platform.database, {
    organizationId: subject.organizationId,
    view: { all: true },
    at: platform.clocks.business(),
    limit: quotasMax,
  });
  return quotas
    .filter((quota) => countsFor(quota, subject))
    .map((quota) => ({
      quotaId: quota.id,
      meterId: quota.meter_id,
      subjectKind: quota.subject_kind,
      subjectId: quota.subject_id,
      window: quota.window,
      limit: quota.limit_amount,
      isHard: quota.is_hard,
      used: quota.used,
      reserved: quota.reserved,
      resetsAt: quota.resets_at,
    }));
}

function countsFor(quota: QuotaRow, { key, userId }: AccessSubject): boolean {
  if (quota.subject_kind === 'organization') return true;
  return quota.subject_id === (quota.subject_kind === 'member' ? userId : key?.apiKeyId);
}
