/** Keys of an application's own services. */

export interface ApplicationKey {
  id: string;
  applicationId: string;
  name: string;
  prefix: string;
  lastUsedAt: Date | null;
  createdAt: Date;
  revokedAt: Date | null;
}

export const applicationSecretPrefix = 'ak-';
const prefixLength = applicationSecretPrefix.length + 8;
/** Keys of one application that are not revoked. */
export const applicationKeysMax = 100;

export function applicationKeyPrefixOf(secret: string): string {
  return secret.slice(0, prefixLength);
}
