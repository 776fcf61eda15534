/** Secrets of endpoints: made, sealed for their row, and opened to sign. */
import { randomBytes } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { secretOf } from '../core/signature.ts';
import type { Endpoint } from '../store/endpoints.ts';

const secretBytes = 32;

export function newSealedSecret(
  { sealer }: Context,
  endpointId: string,
): { secret: string; sealedSecret: string } {
  const secret = secretOf(randomBytes(secretBytes));
  return { secret, sealedSecret: sealer.seal(secret, sealPurpose(endpointId)) };
}

/** Whether what is sealed can still be signed with. */
export function canOpen(context: Context, { id, sealedSecret }: Endpoint): boolean {
  try {
    context.sealer.open(sealedSecret, sealPurpose(id));
    return true;
  } catch {
    return false;
  }
}

/** The present one, and the one before it while that is still good. */
export function openSecrets(
  { sealer, clocks }: Context,
  endpoint: Pick<Endpoint, 'id' | 'sealedSecret' | 'sealedPreviousSecret' | 'previousExpiresAt'>,
): string[] {
  const { sealedSecret, sealedPreviousSecret, previousExpiresAt } = endpoint;
  const isPreviousGood = previousExpiresAt !== null && clocks.wall() < previousExpiresAt;
  const sealed =
    sealedPreviousSecret !== null && isPreviousGood
      ? [sealedSecret, sealedPreviousSecret]
      : [sealedSecret];
  return sealed.map((text) => sealer.open(text, sealPurpose(endpoint.id)));
}

/** A sealed secret opens only as the endpoint's that it belongs to. */
export function sealPurpose(endpointId: string): string {
  return `webhooks:${endpointId}`;
}
