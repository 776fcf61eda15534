import type { ApplicationAccess } from '../application-access.ts';
import type { NamedTaken } from '../rates/rates.ts';
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
  { rates }: ApplicationAccess,
  { applicationId, subject, name, limit, windowSeconds }: RateLimitCheck,
): Promise<NamedTaken> {
  const { key, userId, organizationId } = subject;
  const who = key?.apiKeyId ?? `${organizationId} ${userId ?? ''}`;
  const group = `${applicationId} ${who}`;
  return rates.takeNamed({
    group,
    name: `${name} ${windowSeconds}`,
    limit,
    seconds: windowSeconds,
  });
}
