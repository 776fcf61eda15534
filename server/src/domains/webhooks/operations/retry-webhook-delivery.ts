import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type DeliveryView, presentDelivery } from '../core/present.ts';
import { findDelivery, makeDue } from '../store/deliveries.ts';
import { requireEndpoint } from './acting.ts';
import { wakeSender } from './wake-sender.ts';

/**
 * Sends a delivery again at once, whatever became of it, with the body and the id that it had. Should that fail, it goes on
 * as its schedule says; past the end of that, this was the only try.
 * @throws Refusal `not_found`; `invalid_state` while its endpoint is off.
 */
export async function retryWebhookDelivery(
  context: Context,
  named: { id: string; organizationId: string },
): Promise<DeliveryView> {
  const { id, organizationId } = named;
  return inTransaction(context, async (transaction) => {
    const found = await findDelivery(transaction, named);
    if (!found) throw notFound('delivery');
    const endpoint = await requireEndpoint(transaction, { id: found.endpointId, organizationId });
    if (endpoint.status === 'disabled' && !found.isTest) {
      throw new Refusal(
        'invalid_state',
        'The endpoint is off: switch it on, then send this again.',
      );
    }
    const delivery = await makeDue(transaction, { ...named, at: context.clocks.wall() });
    invariant(delivery, 'a delivery stays while its endpoint does');
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_delivery.retry',
      resource: { kind: 'webhook_delivery', id },
      oldValues: { status: found.status },
    });
    await wakeSender(transaction);
    return presentDelivery(delivery);
  });
}
