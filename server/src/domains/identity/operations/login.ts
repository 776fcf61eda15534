import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { isPassword } from '../passwords.ts';
import { findUserByLogin, lockUser, type UserWithPassword } from '../store/users.ts';
import { suspendedUser } from './authenticate.ts';
import { beginLogin } from './login-attempts.ts';
import { mailLink } from './mail-link.ts';
import { openSession, type SessionTokens } from './open-session.ts';
import { personalChain } from './personal-chain.ts';

export interface LoginCommand {
  /** Mail address or user name, in any case. */
  login: string;
  password: string;
}

/**
 * Signs a person in. Whether there is such a person shows neither in the answer nor in its time; what is wrong with the
 * account is told only to whoever knows the password.
 * @throws Refusal `invalid_credentials`, `user_suspended`, `email_not_verified`, `too_many_requests`.
 */
export async function login(
  context: Context,
  accessTokens: AccessTokens,
  { login: name, password }: LoginCommand,
): Promise<SessionTokens> {
  const attempt = await beginLogin(context, name);
  const user = await findUserByLogin(context.database, name);
  if (!(await isPassword(password, user?.passwordHash))) {
    if (user) await recordFailure(context, user);
    throw new Refusal(
      'invalid_credentials',
      'The name or the password is wrong: correct it, or set a new password.',
    );
  }
  invariant(user, 'a password matches only where there is a person');
  await attempt.succeed();
  if (user.status !== 'active') throw suspendedUser();
  if (!user.emailVerifiedAt) {
    await remindToVerify(context, user.id);
    throw new Refusal(
      'email_not_verified',
      'Confirm your mail address first: open the link that we mailed to you.',
    );
  }
  return signIn(context, accessTokens, user);
}

async function signIn(
  context: Context,
  accessTokens: AccessTokens,
  seen: UserWithPassword,
): Promise<SessionTokens> {
  return inTransaction(context, async (transaction) => {
    const { passwordHash, ...user } = (await lockUser(transaction, seen.id)) ?? seen;
    // A new password may have been set while this one was checked: it ended every session, this one included.
    if (passwordHash !== seen.passwordHash) {
      throw new Refusal('invalid_credentials', 'The password was just changed: use the new one.');
    }
    if (user.status !== 'active') throw suspendedUser();
    const session = await openSession(context, transaction, accessTokens, user, {
      method: 'password',
      hasSecondFactor: false,
    });
    const actor = { ...context.actor, kind: 'user' as const, id: user.id };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'user.login',
      resource: { kind: 'session', id: session.sessionId },
    });
    return session;
  });
}

async function recordFailure(context: Context, user: UserWithPassword): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'user.login_failed',
      resource: { kind: 'user', id: user.id },
    });
  });
}

async function remindToVerify(context: Context, userId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, userId);
    if (user && !user.emailVerifiedAt) await mailLink(context, transaction, user, 'verify_email');
  });
}
