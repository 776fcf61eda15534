import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { isPassword } from '../passwords.ts';
import { directoryId } from '../store/sign-in-providers.ts';
import { findUserByLogin, lockUser } from '../store/users.ts';
import { suspendedUser } from './authenticate.ts';
import { completeSignIn, recordFailure } from './complete-sign-in.ts';
import { beginLogin } from './login-attempts.ts';
import { mailLink } from './mail-link.ts';
import type { SessionTokens } from './open-session.ts';
import { proveByDirectory } from './prove-by-directory.ts';

export interface LoginCommand {
  /** Mail address or user name, in any case. */
  login: string;
  password: string;
  /** A code of the person's authenticator, or a recovery code. */
  totp?: string | undefined;
}

/**
 * Signs a person in by password: by their own here or, where that does not fit, by the company directory's. Whether there is such a person shows neither in the answer nor in its time; what is
 * wrong with the account is told only to whoever knows the password.
 * @throws Refusal `invalid_credentials`, `user_suspended`, `email_not_verified`, `totp_required`, `totp_invalid`,
 * `too_many_requests`, `directory_unavailable`, `link_required`, `sso_required`.
 */
export async function login(
  context: Context,
  accessTokens: AccessTokens,
  { login: name, password, totp }: LoginCommand,
): Promise<SessionTokens> {
  const user = await findUserByLogin(context.database, name);
  const attempt = await beginLogin(context, user?.id ?? name);
  if (!(await isPassword(password, user?.passwordHash))) {
    // A directory that is down tells nothing about the password: the attempt counts, or guessing would be free meanwhile.
    const proven = await proveByDirectory(context, { login: name, password });
    if (proven) {
      return completeSignIn(context, accessTokens, proven, {
        method: 'ldap',
        providerId: directoryId,
        hasSecondFactor: false,
        totp,
        attempt,
      });
    }
    if (user) await recordFailure(context, user.id);
    throw new Refusal(
      'invalid_credentials',
      'The name or the password is wrong: correct it, or set a new password.',
    );
  }
  invariant(user, 'a password matches only where there is a person');
  if (user.status !== 'active') {
    await attempt.takeBack();
    throw suspendedUser();
  }
  if (!user.emailVerifiedAt) {
    await attempt.takeBack();
    await remindToVerify(context, user.id);
    throw new Refusal(
      'email_not_verified',
      'Confirm your mail address first: open the link that we mailed to you.',
    );
  }
  return completeSignIn(context, accessTokens, user, {
    method: 'password',
    hasSecondFactor: false,
    totp,
    attempt,
    stillHolds(_, { passwordHash }) {
      // A new password may have been set while this one was checked: it ended every session, this one included.
      if (passwordHash === user.passwordHash) return;
      throw new Refusal('invalid_credentials', 'The password was just changed: use the new one.');
    },
  });
}

async function remindToVerify(context: Context, userId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, userId);
    if (user && !user.emailVerifiedAt) await mailLink(context, transaction, user, 'verify_email');
  });
}
