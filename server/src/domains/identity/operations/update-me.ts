import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Locale } from '../core/people.ts';
import { lockUser, updateProfile } from '../store/users.ts';
import { getMe, type Me } from './get-me.ts';
import { personalChain } from './personal-chain.ts';
import { usernameTaken } from './register.ts';

/** What is left out stays as it is. */
export interface ProfileChange {
  userId: string;
  name?: string | null | undefined;
  username?: string | null | undefined;
  locale?: Locale | undefined;
}

/**
 * Changes the name, user name or language of a person.
 * @throws Refusal `already_exists` where somebody else has the user name.
 */
export async function updateMe(context: Context, change: ProfileChange): Promise<Me> {
  return inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, change.userId);
    invariant(user, 'a session belongs to a person');
    const old = { name: user.name, username: user.username, locale: user.locale };
    const changed = {
      name: change.name === undefined ? old.name : change.name,
      username: change.username === undefined ? old.username : change.username,
      locale: change.locale ?? old.locale,
    };
    if (!(await updateProfile(transaction, { id: user.id, ...changed }))) throw usernameTaken();
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'user.update',
      resource: { kind: 'user', id: user.id },
      oldValues: old,
      newValues: changed,
    });
    return getMe(transaction, user.id);
  });
}
