import type { UserCaller } from '../http/caller.ts';

/** Somebody who signed in with a password; the test says what matters to it. */
export function userCaller(
  caller: Pick<UserCaller, 'organizationId'> & Partial<UserCaller>,
): UserCaller {
  return {
    kind: 'user',
    userId: 'usr_1',
    role: 'owner',
    platformRole: 'user',
    sessionId: 'ses_1',
    signIn: { method: 'password', hasSecondFactor: false, at: new Date('2026-01-01T00:00:00Z') },
    ...caller,
  };
}
