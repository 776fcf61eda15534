import { Refusal } from '../../../platform/errors.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import type { AccessRequest } from '../core/access-request.ts';
import { insertClosed, stateOfCall } from '../requests-store.ts';
import { requireRequest } from './require-request.ts';

/**
 * Gives back what a call reserved; false where nothing was held any more. Either way it can be neither settled nor
 * authorized again.
 * @throws Refusal `not_found`, or `request_closed` for a call that was settled.
 */
export async function releaseAccess(
  door: ApplicationAccess,
  { applicationId, externalId }: { applicationId: string; externalId: string },
): Promise<boolean> {
  const request = await requireRequest(door, applicationId, externalId);
  const { released } = await door.access.release(request);
  if (!released) await closeUnheld(door, request);
  await door.rates.give(request, { tokens: 0 });
  return released;
}

/** Behind the lock of the organization's funds, where nobody authorizes or settles it meanwhile. */
async function closeUnheld({ platform }: ApplicationAccess, request: AccessRequest): Promise<void> {
  const { clocks, database } = platform;
  const state = await database.transaction().execute(async (transaction) => {
    await lockFunds(transaction, request.organizationId);
    const found = await stateOfCall(transaction, request.requestId);
    if (found === 'swept') await insertClosed(transaction, request, clocks.wall());
    return found;
  });
  if (state === 'settled') {
    const sentence = 'This call was settled: correct its usage by an event, or leave it as it is.';
    throw new Refusal('request_closed', sentence, { param: 'request_id' });
  }
}
