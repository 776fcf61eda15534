/**
 * Counts failed sign-ins by account, by address and by second factor, in the database, so that all processes count
 * together. An attempt counts as failed from its beginning: guesses made at the same time do not slip through between
 * check and count.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type AttemptLimit, limits, rememberedFailures, waitMs } from '../core/login-throttle.ts';
import { deleteAttempts, forgiveAttempt, lockAttempts, saveAttempts } from '../store/links.ts';

export interface LoginAttempt {
  /** It turned out right: what failed before it at this account is forgotten. */
  succeed(): Promise<void>;
  /** It was neither right nor wrong: it is not counted, and nothing is forgotten. */
  takeBack(): Promise<void>;
}

interface Counted {
  subject: string;
  limit: AttemptLimit;
}

/**
 * Begins an attempt to prove who one is; `account` is the person's id or, where there is no such person, what was typed.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export function beginLogin(context: Context, account: string): Promise<LoginAttempt> {
  return begin(context, [accountOf(account), ...addressOf(context)]);
}

/**
 * Begins an attempt with a code of a second factor, within a sign-in that is counted already.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export function beginCode(context: Context, userId: string): Promise<LoginAttempt> {
  return begin(context, [codeOf(userId)]);
}

/**
 * Begins an attempt of a signed-in person to prove once more who they are, by password, by code or by both.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export function beginProof(context: Context, userId: string): Promise<LoginAttempt> {
  return begin(context, [accountOf(userId), codeOf(userId), ...addressOf(context)]);
}

/** Forgets what failed: the person has just proved who they are by their mailbox. */
export async function forgetFailures(context: Context, userId: string): Promise<void> {
  for (const { subject } of [accountOf(userId), codeOf(userId)]) {
    await deleteAttempts(context.database, subject);
  }
}

function accountOf(account: string): Counted {
  return { subject: sha256(`account:${account.toLowerCase()}`), limit: limits.account };
}

function codeOf(userId: string): Counted {
  return { subject: sha256(`code:${userId}`), limit: limits.code };
}

function addressOf({ actor }: Context): Counted[] {
  if (actor.ip === null) return [];
  return [{ subject: sha256(`address:${actor.ip}`), limit: limits.address }];
}

/** Subjects are locked in the order of their hashes, so that two attempts never wait for each other. */
async function begin(context: Context, counted: readonly Counted[]): Promise<LoginAttempt> {
  const subjects = counted.toSorted((one, other) => (one.subject < other.subject ? -1 : 1));
  const now = context.clocks.wall();
  const wait = await inTransaction(context, async (transaction) => {
    const known = [];
    for (const { subject, limit } of subjects) {
      const attempts = await lockAttempts(transaction, subject, now);
      const failures = rememberedFailures(limit, attempts, now);
      known.push({ subject, failures, wait: waitMs(limit, { ...attempts, failures }, now) });
    }
    const longest = Math.max(...known.map((subject) => subject.wait));
    if (longest > 0) return longest;
    for (const { subject, failures } of known) {
      await saveAttempts(transaction, { subject, failures: failures + 1, lastFailedAt: now });
    }
    return 0;
  });
  if (wait > 0) {
    throw new Refusal(
      'too_many_requests',
      'There were too many failed sign-ins: wait a moment, then try again.',
      { retryAfterSeconds: Math.ceil(wait / 1000) },
    );
  }
  return {
    async succeed() {
      for (const { subject, limit } of subjects) {
        // An address is shared by many: a right attempt of one person forgives only itself.
        if (limit === limits.address) await forgiveAttempt(context.database, subject);
        else await deleteAttempts(context.database, subject);
      }
    },
    async takeBack() {
      for (const { subject } of subjects) await forgiveAttempt(context.database, subject);
    },
  };
}
