/**
 * Counts failed sign-ins by account and by address, in the database, so that all processes count together. An attempt
 * counts as failed from its beginning: guesses made at the same time do not slip through between check and count.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { Refusal } from '../../../platform/errors.ts';
import { limits, memoryMs, waitMs } from '../core/login-throttle.ts';
import { deleteAttempts, forgiveAttempt, lockAttempts, saveAttempts } from '../store/links.ts';

export interface LoginAttempt {
  /** It turned out right. */
  succeed(): Promise<void>;
}

/**
 * Begins an attempt.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export async function beginLogin(context: Context, login: string): Promise<LoginAttempt> {
  const account = sha256(`account:${login.toLowerCase()}`);
  const address = context.actor.ip === null ? undefined : sha256(`address:${context.actor.ip}`);
  const now = context.clocks.wall();
  const subjects = [
    { subject: account, limit: limits.account },
    ...(address === undefined ? [] : [{ subject: address, limit: limits.address }]),
  ].sort((one, other) => (one.subject < other.subject ? -1 : 1));

  const wait = await inTransaction(context, async (transaction) => {
    const known = [];
    for (const { subject, limit } of subjects) {
      const attempts = await lockAttempts(transaction, subject, now);
      const isForgotten = now.getTime() - attempts.lastFailedAt.getTime() > memoryMs;
      const failures = isForgotten ? 0 : attempts.failures;
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
      await deleteAttempts(context.database, account);
      if (address !== undefined) await forgiveAttempt(context.database, address);
    },
  };
}
