import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import type { PersonalData } from '../../../platform/personal-data.ts';
import { recordAudit } from '../../audit/index.ts';
import { erasePerson } from './erase-person.ts';

/**
 * Deletes a person's account for them, as when they ask by letter. They are told by mail.
 * @throws Refusal `not_found`, `rule_violated` for oneself, `last_owner`, `last_admin`, `money_owed`, `subscription_live`.
 */
export async function deleteUser(
  context: Context,
  { id: userId, reason, offers }: { id: string; reason: string; offers: readonly PersonalData[] },
): Promise<void> {
  if (context.actor.id === userId) {
    const sentence = 'Delete your own account on its page: it asks for your password.';
    throw new Refusal('rule_violated', sentence, { param: 'id' });
  }
  await inTransaction(context, async (transaction) => {
    if (!(await erasePerson(context, transaction, { userId, offers }))) throw notFound('user');
    // Why it was done is no record of the person, with which it would go.
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'user.delete_for',
      resource: { kind: 'deletion', id: userId },
      newValues: { reason },
    });
  });
}
