/**
 * Whether an organization may be served: one that owes has some days of grace, one that is suspended none. A person who
 * is suspended uses nobody's, neither themselves nor by a key that they made.
 */
import { addDays } from '../../../platform/time.ts';
import type { OrganizationStatus } from './people.ts';

export interface Standing {
  organizationStatus: OrganizationStatus;
  /** Business time; null unless it is past due. */
  organizationPastDueSince: Date | null;
  /** Of the person whose use it is, where one is known. */
  personStatus?: 'active' | 'suspended';
}

export type StatusDecision =
  | { permitted: true }
  | {
      permitted: false;
      code: 'organization_past_due' | 'organization_suspended' | 'user_suspended';
    };

/** `now` is business time. */
export function decideStatus(
  { organizationStatus, organizationPastDueSince, personStatus }: Standing,
  { graceDays, now }: { graceDays: number; now: Date },
): StatusDecision {
  if (organizationStatus === 'suspended') {
    return { permitted: false, code: 'organization_suspended' };
  }
  if (personStatus === 'suspended') return { permitted: false, code: 'user_suspended' };
  if (organizationStatus === 'past_due' && organizationPastDueSince !== null) {
    const graceEndsAt = addDays(organizationPastDueSince, graceDays, 'UTC');
    if (now >= graceEndsAt) return { permitted: false, code: 'organization_past_due' };
  }
  return { permitted: true };
}
