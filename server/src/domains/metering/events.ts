/** What metering tells. */
import { defineEvent } from '../../platform/events.ts';

export interface QuotaExceeded {
  violationId: string;
  organizationId: string;
  quotaId: string;
  /** Whose use the quota is about. */
  subjectKind: 'organization' | 'member' | 'api_key';
  subjectId: string;
  meterId: string;
  window: 'minute' | 'hour' | 'day' | 'month' | 'year' | 'lifetime';
  /** When the window ends; null for a lifetime. */
  resetsAt: string | null;
  limit: string;
  used: string;
  requested: string;
  isHard: boolean;
  occurredAt: string;
}

/**
 * Once per quota and window: a hard limit refused for the first time, or a soft one was passed. Quantities are in the
 * meter's smallest part, as decimal text. The outbox row is written by the stored function `metering_violate`, in the
 * transaction that refused or counted.
 */
export const quotaExceeded = defineEvent<QuotaExceeded>('quota.exceeded');
