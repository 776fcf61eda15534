import type { AnswerOf } from '@sluice/contract/endpoint';
import type { rotateWebhookSecret as contract } from '@sluice/contract/webhooks';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { presentEndpoint } from '../core/present.ts';
import { type EndpointReference, saveEndpoint } from '../store/endpoints.ts';
import { requireEndpoint } from './acting.ts';
import { canOpen, newSealedSecret } from './secrets.ts';

/** So long the old secret signs as well, so that receivers can be changed one by one. */
const graceMs = 24 * 3_600_000;

/**
 * Gives an endpoint a new secret, which is in this answer only. Of two rotations within a day the older secret goes.
 * @throws Refusal `not_found`.
 */
export async function rotateWebhookSecret(
  context: Context,
  named: EndpointReference,
): Promise<AnswerOf<typeof contract>> {
  const { id, organizationId } = named;
  const now = context.clocks.wall();
  const { secret, sealedSecret } = newSealedSecret(context, id);
  const rotated = await inTransaction(context, async (transaction) => {
    const old = await requireEndpoint(transaction, named);
    // One that was lost with its key signs nothing any more.
    const isKept = canOpen(context, old);
    const previousExpiresAt = isKept ? new Date(now.getTime() + graceMs) : null;
    const sealedPreviousSecret = isKept ? old.sealedSecret : null;
    const endpoint = { ...old, sealedSecret, sealedPreviousSecret, previousExpiresAt };
    await saveEndpoint(transaction, endpoint);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'webhook_endpoint.rotate_secret',
      resource: { kind: 'webhook_endpoint', id },
      newValues: { previous_secret_expires_at: previousExpiresAt },
    });
    return endpoint;
  });
  return { ...presentEndpoint(rotated, now), secret };
}
