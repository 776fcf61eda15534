import { Refusal } from '../../../platform/errors.ts';
import type { ApplicationAccess } from '../application-access.ts';
import { renewRates } from '../call-rates.ts';
import { stateOfCall } from '../requests-store.ts';
import { requireRequest } from './require-request.ts';

/**
 * Keeps what a call has reserved for longer; answers until when.
 * @throws Refusal `not_found`, `request_closed`, or `invalid_state` for one whose hold has expired.
 */
export async function renewAccess(
  door: ApplicationAccess,
  call: { applicationId: string; externalId: string; holdSeconds: number },
): Promise<Date> {
  const { access, platform } = door;
  const request = await requireRequest(door, call.applicationId, call.externalId);
  const expiresAt = new Date(platform.clocks.wall().getTime() + call.holdSeconds * 1000);
  if (await access.renew({ ...request, expiresAt })) {
    await renewRates(door, request, expiresAt);
    return expiresAt;
  }
  if ((await stateOfCall(platform.database, request.requestId)) === 'swept') {
    const sentence = 'What was reserved has expired: authorize it again, or settle what was used.';
    throw new Refusal('invalid_state', sentence, { param: 'request_id' });
  }
  const sentence = 'This call was settled or released: there is nothing to keep.';
  throw new Refusal('request_closed', sentence, { param: 'request_id' });
}
