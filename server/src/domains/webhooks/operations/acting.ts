/** What every operation on an endpoint asks first. */
import { organizationHappenings } from '@sluice/contract/happenings';
import type { Permission } from '@sluice/contract/permissions';
import { permissionForEvent } from '@sluice/contract/webhooks';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type Endpoint, type EndpointReference, lockEndpoint } from '../store/endpoints.ts';

/** Where somebody acts, and what their role there holds. */
export interface Acting {
  organizationId: string;
  permissions: readonly Permission[];
}

/**
 * Nobody has sent somewhere what they may not read themselves.
 * @throws Refusal `permission_not_held`.
 */
export function requireEventsHeld({ permissions }: Acting, events: readonly string[] | null): void {
  for (const event of events ?? organizationHappenings) {
    const needed = permissionForEvent(event);
    if (permissions.includes(needed)) continue;
    throw new Refusal(
      'permission_not_held',
      `Your role does not hold ${needed}, which reading ${event} needs: leave the event out, or ask somebody whose role does.`,
      { param: 'events' },
    );
  }
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function requireEndpoint(
  transaction: Transaction,
  named: EndpointReference,
): Promise<Endpoint> {
  const endpoint = await lockEndpoint(transaction, named);
  if (!endpoint) throw notFound('webhook endpoint');
  return endpoint;
}

/** As the audit log writes it down: without the description, which may name a person, for entries stay as they are. */
export function endpointValues({ url, events, status }: Endpoint) {
  return { url, events: events ?? 'all', status };
}
