/** Codes that stand in for an authenticator which is lost: ten, each used once, written down on paper. */

export const recoveryCodesCount = 10;

/** Without signs that look like others; ten of them are 49 bits, which nobody guesses at the pace we allow. */
export const recoveryAlphabet = '23456789abcdefghjkmnpqrstvwxyz';
export const recoveryHalfLength = 5;

/** What somebody typed, without what is only there for the eye. */
export function plainCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '');
}

/** Six digits are an authenticator's; everything else can only be a recovery code. */
export function isAuthenticatorCode(plain: string): boolean {
  return /^[0-9]{6}$/.test(plain);
}
