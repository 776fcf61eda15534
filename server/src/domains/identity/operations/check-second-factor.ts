import { createHmac } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { User } from '../core/people.ts';
import { isAuthenticatorCode, plainCode } from '../core/recovery-codes.ts';
import {
  acceptStep,
  countRecoveryCodes,
  findTotp,
  useRecoveryCodeRow,
} from '../store/second-factors.ts';
import { stepOfCode } from '../totp.ts';
import { notifyPerson } from './notify-person.ts';

/**
 * Takes a code of the person's authenticator or a recovery code, each once; answers false for any other. The caller has
 * counted the attempt.
 */
export async function takeCode(
  context: Context,
  transaction: Transaction,
  { user, typed }: { user: User; typed: string },
): Promise<boolean> {
  const code = plainCode(typed);
  if (isAuthenticatorCode(code)) {
    return takeAuthenticatorCode(context, transaction, { userId: user.id, code });
  }
  const used = await useRecoveryCodeRow(transaction, {
    userId: user.id,
    hash: hashRecoveryCode(context, { userId: user.id, code }),
    at: context.clocks.wall(),
  });
  if (!used) return false;
  const left = await countRecoveryCodes(transaction, user.id);
  await notifyPerson(context, transaction, {
    user,
    kind: 'recovery_code_used',
    detail: String(left),
  });
  return true;
}

/** Takes a code of the authenticator alone; to turn it on, for one, a recovery code proves nothing. */
export async function takeAuthenticatorCode(
  context: Context,
  transaction: Transaction,
  { userId, code }: { userId: string; code: string },
): Promise<boolean> {
  const totp = await findTotp(transaction, userId);
  invariant(totp, 'a code is asked of a person with an authenticator');
  const secret = context.sealer.open(totp.sealedSecret, totpPurpose(userId));
  const step = stepOfCode(secret, code, context.clocks.wall());
  return step !== undefined && (await acceptStep(transaction, { userId, step }));
}

/** A sealed secret opens only as that person's. */
export function totpPurpose(userId: string): string {
  return `identity:totp:${userId}`;
}

export function hashRecoveryCode(
  { sealer }: Pick<Context, 'sealer'>,
  { userId, code }: { userId: string; code: string },
): string {
  const key = sealer.derive('identity:recovery-code');
  return createHmac('sha256', key)
    .update(`${userId}:${plainCode(code)}`)
    .digest('hex');
}
