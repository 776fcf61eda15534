import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { ApplicationAccess } from '../application-access.ts';
import { type AccessPermit, authorizeAccess } from './authorize-access.ts';
import { settleAccess } from './settle-access.ts';

export interface ForwardedRequest {
  applicationId: string;
  /** The API key as the customer sent it; undefined where none was sent. */
  secret: string | undefined;
  ip: string | undefined;
  /** Key of the meter that it counts on, and how much. */
  meter: string;
  quantity: string;
}

/** Far longer than the two steps take: what a crash between them leaves reserved is given back then. */
const holdSeconds = 60;

/**
 * Decides a request that a proxy holds back, and counts it before the proxy hears of it: what was let through is always
 * counted. After a crash between the two steps nothing is, and nothing was let through. Each question is a new request.
 * @throws Refusal with the limit that refused; `invalid_credentials`.
 */
export async function admitRequest(
  door: ApplicationAccess,
  { applicationId, secret, ip, meter, quantity }: ForwardedRequest,
): Promise<AccessPermit> {
  const quantities = { [meter]: quantity };
  const requestId = newId('req', door.platform.clocks.business());
  const body = {
    ...{ request_id: requestId, subject: { api_key: requireSecret(secret) } },
    ...{ estimate: quantities, ip, tags: [], hold_seconds: holdSeconds },
  };
  const permit = await authorizeAccess(door, { applicationId, body }).catch(asOfKey);
  await settleAccess(door, {
    applicationId,
    body: { request_id: requestId, usage: quantities, outcome: 'completed' },
  });
  return permit;
}

/** Only a secret proves whose request it is: ids are no secrets. */
function requireSecret(secret: string | undefined): string {
  if (secret === undefined) {
    throw new Refusal('invalid_credentials', 'Send your API key as "Authorization: Bearer sk-…".');
  }
  if (secret.startsWith('key_')) throw invalid();
  return secret;
}

/** Here the customer's key is what signs in, and not something that an application names. */
function asOfKey(error: unknown): never {
  if (error instanceof Refusal && error.code === 'subject_unknown') throw invalid();
  throw error;
}

const invalid = () =>
  new Refusal('invalid_credentials', 'This API key is not valid: check it, or create a new one.');
