import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockUser } from '../store/users.ts';
import { requireEnabled } from './disable-totp.ts';
import { giveRecoveryCodes } from './enable-totp.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, type Proof, proveByBoth } from './prove-again.ts';

/**
 * Makes ten recovery codes in place of all earlier ones.
 * @throws Refusal `proof_required`, `proof_invalid`, `invalid_state`, `too_many_requests`.
 */
export async function renewRecoveryCodes(
  context: Context,
  person: Person,
  proof: Proof,
): Promise<string[]> {
  await requireEnabled(context, person);
  await proveByBoth(context, person, proof);
  const { userId } = person;
  return inTransaction(context, async (transaction) => {
    await lockUser(transaction, userId);
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.renew_recovery_codes',
      resource: { kind: 'user', id: userId },
    });
    return giveRecoveryCodes(context, transaction, userId);
  });
}
