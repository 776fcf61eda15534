import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { recordAudit } from '../../audit/index.ts';
import { endSession, lockRefreshToken } from '../store/sessions.ts';
import { personalChain } from './personal-chain.ts';

/** Ends the session that the refresh token belongs to; one that is unknown or over is no reason to complain. */
export async function logout(context: Context, refreshToken: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const token = await lockRefreshToken(transaction, sha256(refreshToken));
    if (!token) return;
    const at = context.clocks.wall();
    const hasEnded = await endSession(transaction, { id: token.sessionId, reason: 'logout', at });
    if (!hasEnded) return;
    const actor = { ...context.actor, kind: 'user' as const, id: token.userId };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId: await personalChain(transaction, token.userId),
      action: 'user.logout',
      resource: { kind: 'session', id: token.sessionId },
    });
  });
}
