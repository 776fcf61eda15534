import { Refusal } from '../../../platform/errors.ts';
import type { ApplicationAccess } from '../application-access.ts';
import type { AccessRequest } from '../core/access-request.ts';
import { findRequest } from '../requests-store.ts';

/**
 * The call that an application opened under an id.
 * @throws Refusal `not_found`: it was never authorized, was refused, or was forgotten long ago.
 */
export async function requireRequest(
  { platform }: ApplicationAccess,
  applicationId: string,
  externalId: string,
): Promise<AccessRequest> {
  const request = await findRequest(platform.database, applicationId, externalId);
  if (request) return request;
  throw new Refusal(
    'not_found',
    'No call was permitted under this request id: authorize it first, or correct the id.',
    { param: 'request_id' },
  );
}
