import { defineEvent } from '../../platform/events.ts';

/** An organization exists from now on; whoever keeps something per organization opens it in the same transaction. */
export const organizationCreated = defineEvent<{ organizationId: string; timeZone: string }>(
  'organization.created',
);

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
