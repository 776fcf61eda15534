import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { deleteEndpoint, type EndpointReference } from '../store/endpoints.ts';
import { endpointValues, requireEndpoint } from './acting.ts';

/**
 * Removes an endpoint with its deliveries.
 * @throws Refusal `not_found`.
 */
export async function deleteWebhookEndpoint(
  context: Context,
  named: EndpointReference,
): Promise<void> {
  const { id, organizationId } = named;
  await inTransaction(context, async (transaction) => {
    const old = await requireEndpoint(transaction, named);
    await deleteEndpoint(transaction, named);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_endpoint.delete',
      resource: { kind: 'webhook_endpoint', id },
      oldValues: endpointValues(old),
    });
  });
}
