import type { Context } from '../../../platform/context.ts';
import { relyingPartyOf } from '../core/relying-party.ts';
import { findPasswordHash, findWaitingEmail } from '../store/accounts.ts';
import { findPasskeys } from '../store/passkeys.ts';
import { countRecoveryCodes, findTotp } from '../store/second-factors.ts';
import { passkeysMax } from './create-passkey.ts';

export interface AccountSecurity {
  hasPassword: boolean;
  totpEnabledAt: Date | null;
  recoveryCodesLeft: number;
  passkeys: number;
  passkeysAvailable: boolean;
  /** Waits for its link to be opened. */
  newEmail: string | null;
}

/** How a person's account is protected. */
export async function getSecurity(
  { database, clocks, config }: Context,
  userId: string,
): Promise<AccountSecurity> {
  const [passwordHash, totp, recoveryCodesLeft, passkeys, newEmail] = await Promise.all([
    findPasswordHash(database, userId),
    findTotp(database, userId),
    countRecoveryCodes(database, userId),
    findPasskeys(database, { userId, limit: passkeysMax }),
    findWaitingEmail(database, { userId, now: clocks.wall() }),
  ]);
  return {
    hasPassword: passwordHash !== '',
    totpEnabledAt: totp?.enabledAt ?? null,
    recoveryCodesLeft,
    passkeys: passkeys.length,
    passkeysAvailable: relyingPartyOf(config.publicUrl) !== undefined,
    newEmail: newEmail ?? null,
  };
}
