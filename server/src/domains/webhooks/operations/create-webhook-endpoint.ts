import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type { createWebhookEndpoint as contract } from '@sluice/contract/webhooks';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { judgeAddress } from '../core/address.ts';
import { presentEndpoint } from '../core/present.ts';
import { type Endpoint, insertEndpoint, lockEndpointsOf } from '../store/endpoints.ts';
import { type Acting, endpointValues, requireEventsHeld } from './acting.ts';
import { newSealedSecret } from './secrets.ts';

export const endpointsMax = 20;

/**
 * Has events sent to an address from now on; its secret is in this answer only.
 * @throws Refusal `rule_violated` for an address that may not be sent to, or one too many; `permission_not_held`.
 */
export async function createWebhookEndpoint(
  context: Context,
  { url, events, description = '', ...acting }: BodyOf<typeof contract> & Acting,
): Promise<AnswerOf<typeof contract>> {
  const { organizationId } = acting;
  requireEventsHeld(acting, events);
  const createdAt = context.clocks.business();
  const id = newId('whe', createdAt);
  const { secret, sealedSecret } = newSealedSecret(context, id);
  const endpoint: Endpoint = {
    ...{ id, organizationId, description, events, sealedSecret, createdAt },
    url: judgeAddress(url, context.config),
    ...{ status: 'enabled', disabledReason: null, failingSince: null },
    ...{ sealedPreviousSecret: null, previousExpiresAt: null },
  };
  await inTransaction(context, async (transaction) => {
    if ((await lockEndpointsOf(transaction, organizationId)) >= endpointsMax) {
      throw new Refusal(
        'rule_violated',
        `An organization has at most ${endpointsMax} endpoints: remove one that is not used.`,
      );
    }
    await insertEndpoint(transaction, endpoint);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_endpoint.create',
      resource: { kind: 'webhook_endpoint', id },
      newValues: endpointValues(endpoint),
    });
  });
  return { ...presentEndpoint(endpoint, context.clocks.wall()), secret };
}
