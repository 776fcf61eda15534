import type { BodyOf } from '@sluice/contract/endpoint';
import type { updateWebhookEndpoint as contract } from '@sluice/contract/webhooks';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { judgeAddress } from '../core/address.ts';
import { type EndpointView, presentEndpoint } from '../core/present.ts';
import { type Endpoint, saveEndpoint } from '../store/endpoints.ts';
import { type Acting, endpointValues, requireEndpoint, requireEventsHeld } from './acting.ts';
import { wakeSender } from './wake-sender.ts';

type Change = BodyOf<typeof contract>;

/**
 * Changes an endpoint, or switches it on or off. What waits is sent once it is on, and to the new address.
 * @throws Refusal `not_found`, `rule_violated`, `permission_not_held`.
 */
export async function updateWebhookEndpoint(
  context: Context,
  { id, organizationId, permissions, ...change }: Change & Acting & { id: string },
): Promise<EndpointView> {
  const changed = await inTransaction(context, async (transaction) => {
    const old = await requireEndpoint(transaction, { id, organizationId });
    const endpoint = changeOf(context, old, change);
    const isLedElsewhere = change.url !== undefined || change.events !== undefined;
    if (isLedElsewhere) requireEventsHeld({ organizationId, permissions }, endpoint.events);
    await saveEndpoint(transaction, endpoint);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_endpoint.update',
      resource: { kind: 'webhook_endpoint', id },
      oldValues: endpointValues(old),
      newValues: endpointValues(endpoint),
    });
    if (endpoint.status === 'enabled') await wakeSender(transaction);
    return endpoint;
  });
  return presentEndpoint(changed, context.clocks.wall());
}

function changeOf({ config }: Context, old: Endpoint, change: Change): Endpoint {
  const { url, description, events, enabled } = change;
  return {
    ...old,
    ...(url !== undefined && { url: judgeAddress(url, config) }),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events }),
    // Switched on it is judged anew: what it did not take before does not count.
    ...(enabled === true && { status: 'enabled', disabledReason: null, failingSince: null }),
    ...(enabled === false &&
      old.status === 'enabled' && { status: 'disabled', disabledReason: 'by_member' }),
  };
}
