/** Sessions and the tokens that stand for them. */
import { createHmac } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import type { AccessTokens } from '../access-tokens.ts';
import type { SignInMethod, User } from '../core/people.ts';
import { insertRefreshToken, insertSession } from '../store/sessions.ts';
import { noteSighting } from './note-sighting.ts';
import { personalChain } from './personal-chain.ts';

/** A session that is not refreshed for so long has ended. */
export const refreshTokenMs = 30 * 86_400_000;
/** However often it is refreshed, a person signs in anew after this. */
const sessionMs = 180 * 86_400_000;

const tokenPrefix = 'srt_';

export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
  user: User;
}

export interface SessionBegin {
  method: SignInMethod;
  /** Whether a second factor was shown: a code, or a passkey that checked who holds it. */
  hasSecondFactor: boolean;
  /** The only organization that it is for. */
  organizationId?: string | null;
  lastsMs?: number;
}

/** Opens a session and answers its first tokens. */
export async function openSession(
  context: Context,
  transaction: Transaction,
  accessTokens: AccessTokens,
  user: User,
  { method, hasSecondFactor, organizationId = null, lastsMs = sessionMs }: SessionBegin,
): Promise<SessionTokens & { sessionId: string }> {
  const now = context.clocks.wall();
  const sessionId = newId('ses', now);
  await insertSession(transaction, {
    id: sessionId,
    userId: user.id,
    ip: context.actor.ip,
    userAgent: context.actor.userAgent,
    createdAt: now,
    expiresAt: new Date(now.getTime() + lastsMs),
    organizationId,
    method,
    hasSecondFactor,
  });
  await noteSighting(context, transaction, user.id);
  const refreshToken = newSecret(tokenPrefix);
  await storeRefreshToken(context, transaction, { sessionId, refreshToken });
  const accessToken = await accessTokens.sign({
    userId: user.id,
    sessionId,
    organizationId: organizationId ?? (await personalChain(transaction, user.id)),
  });
  return { accessToken, refreshToken, user, sessionId };
}

export async function storeRefreshToken(
  context: Context,
  transaction: Transaction,
  token: { sessionId: string; refreshToken: string },
): Promise<void> {
  const now = context.clocks.wall();
  await insertRefreshToken(transaction, {
    hash: sha256(token.refreshToken),
    sessionId: token.sessionId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + refreshTokenMs),
  });
}

/**
 * The one token that replaces another: computed, so that two tabs which present the same token at once get the same
 * successor although no token is kept. Without the deployment's secret nobody can compute it.
 */
export function successorOf(context: Pick<Context, 'sealer'>, refreshToken: string): string {
  const key = context.sealer.derive('identity:refresh-token');
  return tokenPrefix + createHmac('sha256', key).update(refreshToken).digest('base64url');
}
