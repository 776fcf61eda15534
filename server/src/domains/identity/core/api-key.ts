/** API keys: what a key is worth at an instant, and what may be changed about one. */

export interface ApiKey {
  id: string;
  organizationId: string;
  name: string;
  prefix: string;
  allowedModels: string[] | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
  revokedAt: Date | null;
}

export const secretPrefix = 'sk-';
/** Enough to tell keys apart, far too little to guess the rest. */
const prefixLength = secretPrefix.length + 8;
/** Keys of one organization that are not revoked. */
export const liveKeysMax = 200;

export function prefixOf(secret: string): string {
  return secret.slice(0, prefixLength);
}

/** Expiry is business time. */
export function statusOf(
  key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  now: Date,
): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'active';
}
