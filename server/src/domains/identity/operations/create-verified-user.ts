import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail } from '../core/people.ts';
import { hashPassword } from '../passwords.ts';
import { createUser } from './create-user.ts';

/** Adds a person whose address needs no mail to prove it: of a demonstration or an import. Undefined where it is taken. */
export async function createVerifiedUser(
  context: Context,
  newcomer: { email: string; name: string; password: string },
): Promise<{ userId: string; organizationId: string } | undefined> {
  const passwordHash = await hashPassword(newcomer.password);
  return inTransaction(context, async (transaction) => {
    const created = await createUser(context, transaction, {
      email: normalizeEmail(newcomer.email),
      emailVerifiedAt: context.clocks.wall(),
      name: newcomer.name,
      username: null,
      locale: context.config.locale,
      platformRole: 'user',
      passwordHash,
      inviteCode: null,
    });
    if (!created) return undefined;
    const { user, organization } = created;
    await recordAudit(context, transaction, {
      organizationId: organization.id,
      action: 'user.create',
      resource: { kind: 'user', id: user.id },
      newValues: { email: user.email, name: user.name },
    });
    return { userId: user.id, organizationId: organization.id };
  });
}
