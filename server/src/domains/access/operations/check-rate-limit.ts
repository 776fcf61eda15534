import type { ApplicationAccess } from '../application-access.ts';
import type { RateCount } from '../rate-windows.ts';
import type { AccessSubject } from '../subjects.ts';

export interface RateLimitCheck {
  applicationId: string;
  subject: AccessSubject;
  name: string;
  limit: number;
  windowSeconds: number;
}

/** Counts a request of a key, a member or an organization against a limit of the application's own. */
export async function checkRateLimit(
  { windows }: ApplicationAccess,
  { applicationId, subject, name, limit, windowSeconds }: RateLimitCheck,
): Promise<RateCount> {
  const { key, userId, organizationId } = subject;
  const who = key?.apiKeyId ?? `${organizationId} ${userId ?? ''}`;
  return windows.count(`${applicationId} ${who} ${name} ${windowSeconds}`, {
    limit,
    seconds: windowSeconds,
  });
}
