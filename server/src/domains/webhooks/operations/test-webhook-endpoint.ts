import { webhookTest } from '@sluice/contract/webhooks';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { testBodyOf } from '../core/message.ts';
import { type DeliveryView, presentDelivery } from '../core/present.ts';
import { countTestsSince, findDelivery, insertDelivery } from '../store/deliveries.ts';
import type { EndpointReference } from '../store/endpoints.ts';
import { requireEndpoint } from './acting.ts';
import { wakeSender } from './wake-sender.ts';

const testsPerMinuteMax = 10;
const minuteMs = 60_000;

/**
 * Sends something to an endpoint that says of itself that nothing has happened, once.
 * @throws Refusal `not_found`; `rule_violated` for too many of them at once.
 */
export async function testWebhookEndpoint(
  context: Context,
  named: EndpointReference,
): Promise<DeliveryView> {
  const { id: endpointId, organizationId } = named;
  const { clocks } = context;
  const createdAt = clocks.wall();
  return inTransaction(context, async (transaction) => {
    await requireEndpoint(transaction, named);
    const since = new Date(createdAt.getTime() - minuteMs);
    if ((await countTestsSince(transaction, { ...named, since })) >= testsPerMinuteMax) {
      throw new Refusal(
        'rule_violated',
        `At most ${testsPerMinuteMax} tests a minute are sent: wait a little.`,
      );
    }
    const id = newId('whd', createdAt);
    const messageId = newId('hap', createdAt);
    const at = clocks.business();
    await insertDelivery(transaction, {
      ...{ id, endpointId, organizationId, messageId, createdAt },
      ...{ event: webhookTest, isTest: true },
      body: testBodyOf({ id: messageId, at, organizationId, endpointId }),
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_endpoint.test',
      resource: { kind: 'webhook_endpoint', id: endpointId },
      newValues: { delivery: id },
    });
    await wakeSender(transaction);
    const delivery = await findDelivery(transaction, { id, organizationId });
    invariant(delivery, 'what was inserted is there');
    return presentDelivery(delivery);
  });
}
