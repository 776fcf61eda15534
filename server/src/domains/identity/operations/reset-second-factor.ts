import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { deletePasskeysOf } from '../store/passkeys.ts';
import { deleteTotp, findTotp } from '../store/second-factors.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { lockUser } from '../store/users.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Takes every second factor off a person who has lost theirs, passkeys too, and signs them out everywhere. They are told by mail,
 * with the reason: whoever talked an operator into it is not the only one to know.
 * @throws Refusal `not_found`, `invalid_state` where there is nothing to take off, `rule_violated` for oneself.
 */
export async function resetSecondFactor(
  context: Context,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  if (context.actor.id === id) {
    throw new Refusal('rule_violated', 'Change your own second factor on your account page.');
  }
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, id);
    if (!user) throw notFound('user');
    const totp = await findTotp(transaction, id);
    const passkeys = await deletePasskeysOf(transaction, { userId: id });
    if (!totp?.enabledAt && passkeys === 0) {
      throw new Refusal('invalid_state', 'This person signs in without a second factor.');
    }
    await deleteTotp(transaction, id);
    const at = context.clocks.wall();
    await endSessionsOf(transaction, { userId: id, reason: 'ended_by_operator', at });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, id),
      action: 'user.reset_second_factor',
      resource: { kind: 'user', id },
      oldValues: { authenticator: Boolean(totp?.enabledAt), passkeys },
      newValues: { reason },
    });
    await notifyPerson(context, transaction, { user, kind: 'second_factor_reset', detail: reason });
  });
}
