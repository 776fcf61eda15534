/**
 * What a refresh token is worth when it is presented. Each is used once; an old one that comes back was stolen, or its
 * thief's successor is in use, so the whole session ends.
 *
 * Two tabs may present the same token at once. Within the grace the later one is answered the *same* successor, as long
 * as nobody has used that: no second branch of the family grows, so a thief who hits the grace is still found out at
 * the next rotation.
 */

export interface PresentedToken {
  usedAt: Date | null;
  expiresAt: Date;
  sessionEndedAt: Date | null;
  sessionExpiresAt: Date;
  /** Whether the token that replaced it has been used in turn. */
  successorUsed: boolean;
}

export type Rotation = 'rotate' | 'repeat' | 'reused' | 'invalid';

export const graceMs = 10_000;

export function decideRotation(token: PresentedToken, now: Date): Rotation {
  if (token.sessionEndedAt || token.sessionExpiresAt <= now) return 'invalid';
  if (token.usedAt) {
    const isRecent = now.getTime() - token.usedAt.getTime() < graceMs;
    return isRecent && !token.successorUsed ? 'repeat' : 'reused';
  }
  return token.expiresAt <= now ? 'invalid' : 'rotate';
}
