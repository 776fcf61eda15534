/**
 * Does what follows from a stored notification: prove whose it is, keep what it says, act on it, keep what came of it.
 * Called when it comes, when its next try is due, and when an operator replays it; any of these may run twice or side
 * by side, since whatever is done from here is done once by its own rules.
 *
 * A crash before the outcome is kept leaves a time for the next try, set when the notification was stored or claimed.
 */
import type { Context } from '../../../platform/context.ts';
import { type InboxOutcome, isDone, nextTryAt, type Taken } from '../core/inbox.ts';
import { removeUnprovenOf, saveClaims, saveInboxOutcome, saveRefusal } from '../inbox-store.ts';
import type { Claims, Connection, Notification } from '../provider.ts';
import { takeNews } from './take-news.ts';

const refusedBodyBytesMax = 16 * 1024;
const unprovenPerAddressMax = 100;

export interface Handled {
  outcome: InboxOutcome;
  reason: string | null;
}

export interface HandleCommand {
  id: string;
  provider: string;
  connection: Connection;
  /** Of the sender, as it is counted. */
  address: string;
  /** Repetitions so far. */
  tries: number;
  /** What it says, where that was proved before: a signature may be too old to be checked again. */
  claims: Claims | null;
  notification: Notification;
}

export async function handleNotification(
  context: Context,
  command: HandleCommand,
): Promise<Handled> {
  const { id, provider, connection } = command;
  const proof = await prove(context, command);
  if (!proof.verified) return refuse(context, command, proof);
  const taken = await take(context, { provider, connection, claims: proof.claims }, id);
  return keepTaken(context, command, taken);
}

type Proof = Awaited<ReturnType<Connection['verify']>>;

async function prove(context: Context, command: HandleCommand): Promise<Proof> {
  const { id, connection, notification, claims } = command;
  if (claims !== null) return { verified: true, claims };
  const verification = await connection.verify(notification);
  if (verification.verified) {
    const at = context.clocks.wall();
    await saveClaims(context.database, id, { claims: verification.claims, at });
  }
  return verification;
}

async function refuse(
  context: Context,
  command: HandleCommand,
  { reason, isUncertain = false }: Extract<Proof, { verified: false }>,
): Promise<Handled> {
  const at = context.clocks.wall();
  const again = isUncertain ? nextTryAt(at, command.tries) : undefined;
  if (!again) return keepRefused(context, command, reason);
  warn(context, command, reason);
  const outcome = 'unconfirmed';
  await saveInboxOutcome(context.database, command.id, { outcome, reason, nextTryAt: again, at });
  await removeUnprovenOf(context.database, command.address, unprovenPerAddressMax);
  return { outcome, reason };
}

/** Keeps apart what nobody can tell is the provider's, and of one sender only so much. */
export async function keepRefused(
  context: Context,
  command: Pick<HandleCommand, 'id' | 'provider' | 'address'>,
  reason: string,
): Promise<Handled> {
  warn(context, command, reason);
  const at = context.clocks.wall();
  const refusal = { reason, at, bodyBytesMax: refusedBodyBytesMax };
  await saveRefusal(context.database, command.id, refusal);
  await removeUnprovenOf(context.database, command.address, unprovenPerAddressMax);
  return { outcome: 'refused', reason };
}

async function take(
  context: Context,
  news: { provider: string; connection: Connection; claims: Claims },
  notification: string,
): Promise<Taken> {
  try {
    return await takeNews(context, news);
  } catch (error) {
    const { provider } = news;
    context.log.error(
      { err: error, notification, provider },
      'a notification of a payment provider could not be handled; it is tried again',
    );
    return { outcome: 'failed', reason: 'It could not be handled here: the log says why.' };
  }
}

/** Keeps what came of it, and sets the next try of what is not done. */
export async function keepTaken(
  context: Context,
  command: Pick<HandleCommand, 'id' | 'provider' | 'tries'>,
  taken: Taken,
): Promise<Handled> {
  const at = context.clocks.wall();
  const { outcome } = taken;
  if (isDone(outcome)) {
    await saveInboxOutcome(context.database, command.id, {
      ...{ outcome, reason: null, nextTryAt: null, at },
    });
    return { outcome, reason: null };
  }
  const reason = 'reason' in taken ? taken.reason : '';
  const again = outcome === 'dead' ? undefined : nextTryAt(at, command.tries);
  const left = again ? outcome : 'dead';
  await saveInboxOutcome(context.database, command.id, {
    ...{ outcome: left, reason, nextTryAt: again ?? null, at },
  });
  warn(context, command, reason);
  if (left === 'dead') {
    const { id: notification, provider } = command;
    context.log.error(
      { notification, provider, reason },
      'a notification of a payment provider is given up: look at it and replay it',
    );
  }
  return { outcome: left, reason };
}

function warn(
  context: Context,
  { id, provider }: Pick<HandleCommand, 'id' | 'provider'>,
  reason: string,
): void {
  context.log.warn(
    { notification: id, provider, reason },
    'a notification of a payment provider was refused',
  );
}
