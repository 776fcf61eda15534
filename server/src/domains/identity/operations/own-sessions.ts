import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  endOwnSession,
  endSessionsBut,
  findOwnSessions,
  type OwnSession,
} from '../store/own-sessions.ts';
import { personalChain } from './personal-chain.ts';
import type { Person } from './prove-again.ts';

const sessionsShownMax = 100;

/** Open sessions of a person, the last seen first. */
export function listMySessions(
  { database, clocks }: Context,
  { userId }: Person,
): Promise<OwnSession[]> {
  return findOwnSessions(database, { userId, now: clocks.wall(), limit: sessionsShownMax });
}

/**
 * Ends one session of the person.
 * @throws Refusal `not_found` for one that is over, unknown or another's.
 */
export async function endMySession(
  context: Context,
  { userId }: Person,
  id: string,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const at = context.clocks.wall();
    const hasEnded = await endOwnSession(transaction, { id, userId, reason: 'ended_by_user', at });
    if (!hasEnded) throw notFound('session');
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'session.end',
      resource: { kind: 'session', id },
      newValues: { reason: 'ended_by_user' },
    });
  });
}

/** Ends every session of the person but this one; answers how many. */
export async function endOtherSessions(
  context: Context,
  { userId, sessionId }: Person,
): Promise<number> {
  return inTransaction(context, async (transaction) => {
    const ended = await endSessionsBut(transaction, {
      userId,
      sessionId,
      reason: 'ended_by_user',
      at: context.clocks.wall(),
    });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'session.end_others',
      resource: { kind: 'user', id: userId },
      newValues: { sessions_ended: ended },
    });
    return ended;
  });
}
