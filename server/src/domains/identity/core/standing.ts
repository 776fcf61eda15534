/** Whether an organization may be served: one that owes has some days of grace, one that is suspended none. */
import { addDays } from '../../../platform/time.ts';
import type { OrganizationStatus } from './people.ts';

export interface Standing {
  organizationStatus: OrganizationStatus;
  /** Business time; null unless it is past due. */
  organizationPastDueSince: Date | null;
}

export type StatusDecision =
  | { permitted: true }
  | { permitted: false; code: 'organization_past_due' | 'organization_suspended' };

/** `now` is business time. */
export function decideStatus(
  { organizationStatus, organizationPastDueSince }: Standing,
  { graceDays, now }: { graceDays: number; now: Date },
): StatusDecision {
  if (organizationStatus === 'suspended') {
    return { permitted: false, code: 'organization_suspended' };
  }
  if (organizationStatus === 'past_due' && organizationPastDueSince !== null) {
    const graceEndsAt = addDays(organizationPastDueSince, graceDays, 'UTC');
    if (now >= graceEndsAt) return { permitted: false, code: 'organization_past_due' };
  }
  return { permitted: true };
}
