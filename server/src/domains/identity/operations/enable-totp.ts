import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { isAuthenticatorCode, plainCode } from '../core/recovery-codes.ts';
import { newRecoveryCodes } from '../new-recovery-codes.ts';
import { markSecondFactor } from '../store/own-sessions.ts';
import {
  enableTotp as enableRow,
  findTotp,
  replaceRecoveryCodes,
} from '../store/second-factors.ts';
import { lockUser } from '../store/users.ts';
import { hashRecoveryCode, takeAuthenticatorCode } from './check-second-factor.ts';
import { beginProof } from './login-attempts.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, proofInvalid } from './prove-again.ts';

/**
 * Turns the second factor on, with a first code as the proof that the app holds the secret; answers the recovery codes,
 * which nobody can read again.
 * @throws Refusal `proof_invalid`, `invalid_state` where nothing was set up, `too_many_requests`.
 */
export async function enableTotp(
  context: Context,
  { userId, sessionId }: Person,
  typed: string,
): Promise<string[]> {
  const attempt = await beginProof(context, userId);
  const codes = await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, userId);
    const totp = await findTotp(transaction, userId);
    if (!totp || totp.enabledAt) {
      throw new Refusal('invalid_state', 'There is no new authenticator: set one up first.');
    }
    invariant(user, 'a session belongs to a person');
    const code = plainCode(typed);
    if (!isAuthenticatorCode(code)) return undefined;
    if (!(await takeAuthenticatorCode(context, transaction, { userId, code }))) return undefined;
    await enableRow(transaction, { userId, at: context.clocks.wall() });
    // The session has shown a code by this.
    await markSecondFactor(transaction, sessionId);
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.enable_totp',
      resource: { kind: 'user', id: userId },
    });
    await notifyPerson(context, transaction, { user, kind: 'totp_enabled' });
    return giveRecoveryCodes(context, transaction, userId);
  });
  if (!codes) throw proofInvalid('totp');
  await attempt.succeed();
  return codes;
}

/** Puts ten fresh codes in place of all others; only hashes of them are kept. */
export async function giveRecoveryCodes(
  context: Context,
  transaction: Transaction,
  userId: string,
): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(transaction, {
    userId,
    hashes: codes.map((code) => hashRecoveryCode(context, { userId, code })),
    at: context.clocks.wall(),
  });
  return codes;
}
