import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { offerTotp } from '../store/second-factors.ts';
import { findUser } from '../store/users.ts';
import { newTotpSecret, totpUrl } from '../totp.ts';
import { totpPurpose } from './check-second-factor.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';

/**
 * Makes the secret for an authenticator app. It protects nothing yet: the app may not have understood it.
 * @throws Refusal `proof_required`, `proof_invalid`, `invalid_state` where an app is in use.
 */
export async function setupTotp(
  context: Context,
  person: Person,
  proof: Proof,
): Promise<{ secret: string; url: string }> {
  await proveAgain(context, person, { proof, need: 'recent' });
  const { userId } = person;
  const secret = newTotpSecret();
  return inTransaction(context, async (transaction) => {
    const user = await findUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    const sealedSecret = context.sealer.seal(secret, totpPurpose(userId));
    const isKept = await offerTotp(transaction, {
      userId,
      sealedSecret,
      at: context.clocks.wall(),
    });
    if (!isKept) {
      throw new Refusal(
        'invalid_state',
        'An authenticator is in use: turn it off first, then set up another one.',
      );
    }
    const issuer = new URL(context.config.publicUrl).host;
    return { secret, url: totpUrl(secret, { issuer: `Sluice ${issuer}`, account: user.email }) };
  });
}
