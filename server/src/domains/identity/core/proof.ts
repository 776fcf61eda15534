/** Whether somebody who is signed in must show once more who they are, before what would let a thief of the session stay. */

/** So long after signing in, nobody is asked again. */
export const recentMs = 15 * 60_000;

export interface SignIn {
  hasSecondFactor: boolean;
  at: Date;
}

/**
 * `recent`: whoever signed in a moment ago. `strong`: only where they showed two factors, or have no password that could
 * be asked for.
 */
export type ProofNeed = 'recent' | 'strong';

export function isProvenBySession(
  need: ProofNeed,
  signIn: SignIn,
  { hasPassword, now }: { hasPassword: boolean; now: Date },
): boolean {
  if (now.getTime() - signIn.at.getTime() > recentMs) return false;
  return need === 'recent' || signIn.hasSecondFactor || !hasPassword;
}
