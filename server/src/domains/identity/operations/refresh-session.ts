import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { decideRotation, type Rotation } from '../core/rotation.ts';
import {
  endSession,
  findTokenUse,
  lockRefreshToken,
  markTokenUsed,
  type RefreshTokenRow,
} from '../store/sessions.ts';
import { findUser } from '../store/users.ts';
import { type SessionTokens, storeRefreshToken, successorOf } from './open-session.ts';
import { personalChain } from './personal-chain.ts';

type Outcome = SessionTokens | Exclude<Rotation, 'rotate' | 'repeat'>;

/**
 * Trades a refresh token for the next one and a new access token.
 * @throws Refusal `token_invalid`; `token_reused` where an old one came back, and its session has ended.
 */
export async function refreshSession(
  context: Context,
  accessTokens: AccessTokens,
  refreshToken: string,
): Promise<SessionTokens> {
  // A refusal after the transaction: what it did to the session must stand.
  const outcome = await inTransaction(context, (transaction) =>
    rotate(context, transaction, accessTokens, refreshToken),
  );
  if (outcome === 'reused') {
    throw new Refusal(
      'token_reused',
      'This refresh token was used before, so the session was ended to be safe: sign in again.',
      { param: 'refresh_token' },
    );
  }
  if (outcome === 'invalid') {
    throw new Refusal('token_invalid', 'The session is over: sign in again.', {
      param: 'refresh_token',
    });
  }
  return outcome;
}

async function rotate(
  context: Context,
  transaction: Transaction,
  accessTokens: AccessTokens,
  refreshToken: string,
): Promise<Outcome> {
  const hash = sha256(refreshToken);
  const now = context.clocks.wall();
  const token = await lockRefreshToken(transaction, hash);
  if (!token) return 'invalid';
  const successor = successorOf(context, refreshToken);
  const successorUse = await findTokenUse(transaction, sha256(successor));
  const successorUsed = successorUse?.usedAt != null;
  const decision = decideRotation({ ...token, successorUsed }, now);
  if (decision === 'invalid') return 'invalid';
  if (decision === 'reused') {
    await endReused(context, transaction, token);
    return 'reused';
  }
  const user = await findUser(transaction, token.userId);
  if (user?.status !== 'active') return 'invalid';
  if (decision === 'rotate') {
    await markTokenUsed(transaction, hash, now);
    await storeRefreshToken(context, transaction, {
      sessionId: token.sessionId,
      refreshToken: successor,
    });
  }
  const accessToken = await accessTokens.sign({
    userId: user.id,
    sessionId: token.sessionId,
    organizationId: await personalChain(transaction, user.id),
  });
  return { accessToken, refreshToken: successor, user };
}

async function endReused(
  context: Context,
  transaction: Transaction,
  token: RefreshTokenRow,
): Promise<void> {
  const at = context.clocks.wall();
  await endSession(transaction, { id: token.sessionId, reason: 'reuse', at });
  await recordAudit(context, transaction, {
    organizationId: await personalChain(transaction, token.userId),
    action: 'session.end',
    resource: { kind: 'session', id: token.sessionId },
    newValues: { reason: 'reuse', user: token.userId },
  });
}
