import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import { happenings, organizationHappenings } from '@sluice/contract/happenings';
import {
  type listWebhookDeliveries as deliveriesContract,
  type listWebhookEvents as eventsContract,
  permissionForEvent,
  webhookVersion,
} from '@sluice/contract/webhooks';
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import {
  type DeliveryDetailsView,
  type DeliveryView,
  type EndpointView,
  presentDelivery,
  presentDetails,
  presentEndpoint,
} from '../core/present.ts';
import { findDelivery, listDeliveries, listTries } from '../store/deliveries.ts';
import { type EndpointReference, findEndpoint, listEndpoints } from '../store/endpoints.ts';
import type { Acting } from './acting.ts';

/** The schedule makes ten; the rest were asked for. */
const triesShownMax = 50;

export function listWebhookEvents({
  permissions,
}: Pick<Acting, 'permissions'>): AnswerOf<typeof eventsContract> {
  const data = organizationHappenings.map((event) => ({
    event,
    category: happenings[event].category,
    version: webhookVersion,
    allowed: permissions.includes(permissionForEvent(event)),
  }));
  return { data, next_cursor: null };
}

export async function listWebhookEndpoints(
  { database, clocks }: Context,
  { organizationId, ...page }: PageRequest & { organizationId: string },
): Promise<Page<EndpointView>> {
  const rows = await listEndpoints(database, {
    ...{ organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  const now = clocks.wall();
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (endpoint) => presentEndpoint(endpoint, now),
  );
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function getWebhookEndpoint(
  { database, clocks }: Context,
  named: EndpointReference,
): Promise<EndpointView> {
  const endpoint = await findEndpoint(database, named);
  if (!endpoint) throw notFound('webhook endpoint');
  return presentEndpoint(endpoint, clocks.wall());
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function listWebhookDeliveries(
  { database }: Context,
  { id, organizationId, ...page }: EndpointReference & QueryOf<typeof deliveriesContract>,
): Promise<Page<DeliveryView>> {
  if (!(await findEndpoint(database, { id, organizationId }))) throw notFound('webhook endpoint');
  const rows = await listDeliveries(database, {
    ...{ organizationId, endpointId: id, status: page.status, event: page.event },
    ...{ before: readCursor(page), limit: page.limit + 1 },
  });
  return pageOf(rows, page, (delivery) => delivery.id, presentDelivery);
}

/**
 * A delivery with its body, for whoever may read what that tells.
 * @throws Refusal `not_found`, also for another organization's; `forbidden`.
 */
export async function getWebhookDelivery(
  { database }: Context,
  { id, organizationId, permissions }: Acting & { id: string },
): Promise<DeliveryDetailsView> {
  const delivery = await findDelivery(database, { id, organizationId });
  if (!delivery) throw notFound('delivery');
  const needed = permissionForEvent(delivery.event);
  if (!permissions.includes(needed)) {
    throw new Refusal(
      'forbidden',
      `Your role does not hold ${needed}, which reading ${delivery.event} needs: ask somebody whose role does.`,
    );
  }
  const tries = await listTries(database, { id, organizationId, limit: triesShownMax });
  return presentDetails(delivery, tries);
}
