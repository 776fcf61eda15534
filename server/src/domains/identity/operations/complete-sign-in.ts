/** The one door by which a person comes in, whatever proved who they are. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { recordAudit } from '../../audit/index.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { deviceOf } from '../core/device.ts';
import type { SignInMethod, User } from '../core/people.ts';
import { signInFailed } from '../events.ts';
import { findIdentityOf } from '../store/external-identities.ts';
import { findTotp } from '../store/second-factors.ts';
import { findEarlierSignIns } from '../store/sessions.ts';
import { lockUser, type UserWithPassword } from '../store/users.ts';
import { suspendedUser } from './authenticate.ts';
import { takeCode } from './check-second-factor.ts';
import { beginCode, type LoginAttempt } from './login-attempts.ts';
import { notifyPerson } from './notify-person.ts';
import { openSession, type SessionTokens } from './open-session.ts';
import { personalChain } from './personal-chain.ts';
import { requireOwnWay } from './require-own-way.ts';

export interface FirstFactor {
  method: SignInMethod;
  /** The directory or identity provider that proved them, if one did. */
  providerId?: string;
  /** Whether what was shown already counts as two: a passkey that checked who holds it. */
  hasSecondFactor: boolean;
  /** A code of the authenticator or a recovery code, where the person sent one along. */
  totp?: string | undefined;
  /** The attempt under way, where it was counted; it succeeds or is taken back here. */
  attempt?: LoginAttempt;
  /** Refuses where what proved the person has changed meanwhile; the person's row is locked. */
  stillHolds?: (transaction: Transaction, user: UserWithPassword) => void | Promise<void>;
}

/**
 * Signs in a person who has proved who they are: asks for the second factor where they have one, refuses whom an operator
 * suspended, opens the session, records it, and tells the person of a device that is new.
 * @throws Refusal `totp_required`, `totp_invalid`, `user_suspended`, `too_many_requests`, `sso_required`.
 */
export async function completeSignIn(
  context: Context,
  accessTokens: AccessTokens,
  user: Pick<User, 'id'>,
  first: FirstFactor,
): Promise<SessionTokens> {
  await requireOwnWay(context, user.id, first.providerId);
  const code = await beginSecondFactor(context, user.id, first);
  const outcome = await inTransaction(context, async (transaction) => {
    const locked = await lockUser(transaction, user.id);
    invariant(locked, 'whoever proved who they are is there');
    await requireLinked(transaction, user.id, first);
    await first.stillHolds?.(transaction, locked);
    const { passwordHash: _, ...person } = locked;
    if (person.status !== 'active') throw suspendedUser();
    const asActor = { ...context, actor: { ...context.actor, kind: 'user' as const, id: user.id } };
    // They may have turned it on or off since it was asked for.
    const isNeeded = await needsCode(transaction, user.id, first);
    if (isNeeded) {
      if (!code) return 'code_missing';
      const taken = { user: person, typed: code.typed };
      if (!(await takeCode(asActor, transaction, taken))) return 'code_wrong';
    }
    return open(asActor, transaction, accessTokens, person, {
      method: first.method,
      hasSecondFactor: first.hasSecondFactor || isNeeded,
    });
  });
  if (outcome === 'code_missing') return askForCode(first);
  if (outcome === 'code_wrong') {
    await recordFailure(context, user.id);
    throw codeInvalid();
  }
  await first.attempt?.succeed();
  await code?.attempt.succeed();
  return outcome;
}

/** The provider may have been taken away from the account since it proved the person. */
async function requireLinked(
  transaction: Transaction,
  userId: string,
  { providerId }: FirstFactor,
): Promise<void> {
  if (providerId === undefined) return;
  if (await findIdentityOf(transaction, { userId, providerId })) return;
  throw new Refusal(
    'sso_failed',
    'The provider was just taken away from this account: sign in another way.',
  );
}

/** The code that is to be checked, counted; undefined where none is needed. */
async function beginSecondFactor(
  context: Context,
  userId: string,
  first: FirstFactor,
): Promise<{ typed: string; attempt: LoginAttempt } | undefined> {
  if (!(await needsCode(context.database, userId, first))) return undefined;
  const { totp } = first;
  if (totp === undefined || totp.trim() === '') return askForCode(first);
  return { typed: totp, attempt: await beginCode(context, userId) };
}

async function needsCode(
  executor: Executor,
  userId: string,
  { hasSecondFactor }: FirstFactor,
): Promise<boolean> {
  if (hasSecondFactor) return false;
  return Boolean((await findTotp(executor, userId))?.enabledAt);
}

/** What proved the person was right: it is not counted as a failure. */
async function askForCode({ attempt }: FirstFactor): Promise<never> {
  await attempt?.takeBack();
  throw new Refusal(
    'totp_required',
    'Send the code of your authenticator too, or one of your recovery codes.',
    { param: 'totp' },
  );
}

async function open(
  context: Context,
  transaction: Transaction,
  accessTokens: AccessTokens,
  user: User,
  begin: { method: SignInMethod; hasSecondFactor: boolean },
): Promise<SessionTokens> {
  const { ip, userAgent } = context.actor;
  const earlier = await findEarlierSignIns(transaction, { userId: user.id, ip, userAgent });
  const session = await openSession(context, transaction, accessTokens, user, begin);
  await recordAudit(context, transaction, {
    organizationId: await personalChain(transaction, user.id),
    action: 'user.login',
    resource: { kind: 'session', id: session.sessionId },
    newValues: { method: begin.method, has_second_factor: begin.hasSecondFactor },
  });
  if (earlier.ever && !earlier.fromThisDevice) await tellOfDevice(context, transaction, user);
  return session;
}

async function tellOfDevice(context: Context, transaction: Transaction, user: User): Promise<void> {
  await notifyPerson(context, transaction, { user, kind: 'new_device' });
  const organizationId = await personalChain(transaction, user.id);
  if (organizationId === null) return;
  const { ip, userAgent } = context.actor;
  await announceHappening(context, transaction, 'device.new', {
    ...{ organizationId, userId: user.id },
    data: { device: deviceOf(userAgent), ip },
  });
}

/** Records a sign-in that failed at somebody's account. */
export async function recordFailure(context: Context, userId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const organizationId = await personalChain(transaction, userId);
    if (organizationId !== null) {
      await context.events.announce(context, transaction, signInFailed, { organizationId });
    }
    await recordAudit(context, transaction, {
      organizationId,
      action: 'user.login_failed',
      resource: { kind: 'user', id: userId },
    });
  });
}

export function codeInvalid(): Refusal {
  return new Refusal(
    'totp_invalid',
    'The code is wrong or was used before: wait for the next one, or use another recovery code.',
    { param: 'totp' },
  );
}
