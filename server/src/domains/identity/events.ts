import { defineEvent } from '../../platform/events.ts';

/** An organization exists from now on; whoever keeps something per organization opens it in the same transaction. */
export const organizationCreated = defineEvent<{ organizationId: string; timeZone: string }>(
  'organization.created',
);

/** Somebody signed up by themselves; the organization is their own. */
export const userRegistered = defineEvent<{
  userId: string;
  organizationId: string;
  inviteCode: string | null;
}>('user.registered');

/** Somebody was at a network address, or on a device, where they had not been seen; the organization is their own. */
export const personSeen = defineEvent<{ organizationId: string }>('person.seen');

/** A password or code for somebody's account was wrong; the organization is their own. */
export const signInFailed = defineEvent<{ organizationId: string }>('user.sign_in_failed');

/** Its days begin at another midnight, from the next reset of allowances on. */
export const organizationTimeZoneChanged = defineEvent<{
  organizationId: string;
  timeZone: string;
}>('organization.time_zone_changed');

/** What a key may cost changed: amounts in the usage currency as decimal text, such as "12.5"; null is no cap. */
export const apiKeyLimitsChanged = defineEvent<{
  organizationId: string;
  apiKeyId: string;
  spendCaps: { day: string | null; month: string | null; total: string | null };
}>('api_key.limits_changed');

/** An organization is about to close; whoever keeps its bills, payments or contracts refuses while one of them is open. */
export const organizationClosing = defineEvent<{ organizationId: string }>('organization.closing');
