import type { Context } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { Refusal } from '../../../platform/errors.ts';
import { readSetting } from '../../settings/index.ts';
import { attemptWindowMs } from '../core/login-throttle.ts';
import { countAttempt } from '../store/address-attempts.ts';

/**
 * Counts what a stranger's address asks for within an hour, in the database, so that all processes count together.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export async function limitAddress(
  context: Context,
  what: 'sign_ups_per_hour' | 'forgotten_passwords_per_hour' | 'payment_notifications_per_hour',
): Promise<void> {
  const { actor, database } = context;
  if (actor.ip === null) return;
  const perHour = await readSetting(database, what);
  await countRequest(context, { subject: `${what}:${actor.ip}`, perHour });
}

/** Tokens of mailed links cannot be guessed; trying is not free all the same. */
const linksPerHour = 120;

/**
 * Counts the use of a mailed link.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export async function countLink(context: Context): Promise<void> {
  const subject = `links:${context.actor.ip}`;
  await countRequest(context, { subject, perHour: linksPerHour });
}

/**
 * Counts a request before anything is known about it; the subject, who asks for what, is kept as a hash.
 * @throws Refusal `too_many_requests` with the seconds to wait.
 */
export async function countRequest(
  { clocks, database }: Context,
  { subject, perHour }: { subject: string; perHour: number },
): Promise<void> {
  const now = clocks.wall();
  const { attempts, since } = await countAttempt(database, {
    subject: sha256(subject),
    now,
    forgottenBefore: new Date(now.getTime() - attemptWindowMs),
  });
  if (attempts <= perHour) return;
  const waitMs = since.getTime() + attemptWindowMs - now.getTime();
  throw new Refusal(
    'too_many_requests',
    'This was asked for too often: wait until the hour is over, then try again.',
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  );
}
