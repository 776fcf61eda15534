import {
  type OrganizationRole,
  organizationRoles,
  type PlatformRole,
  platformRoles,
} from '@sluice/contract/permissions';
import type { ApiKeyCaller, UserCaller } from '../http/caller.ts';

/** Somebody who signed in with a password; the test says what matters to it. */
export function userCaller({
  role = 'owner',
  platformRole,
  ...caller
}: Pick<UserCaller, 'organizationId'> &
  Partial<UserCaller> & { role?: OrganizationRole; platformRole?: PlatformRole }): UserCaller {
  return {
    kind: 'user',
    userId: 'usr_1',
    permissions: organizationRoles[role],
    platformPermissions: platformRole === undefined ? [] : platformRoles[platformRole],
    sessionId: 'ses_1',
    signIn: { method: 'password', hasSecondFactor: false, at: new Date('2026-01-01T00:00:00Z') },
    ...caller,
  };
}

/** A program with a key that an owner holds; the test says what matters to it. */
export function keyCaller(
  caller: Pick<ApiKeyCaller, 'organizationId'> & Partial<ApiKeyCaller>,
): ApiKeyCaller {
  return { kind: 'api_key', apiKeyId: 'key_1', permissions: organizationRoles.owner, ...caller };
}
