import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type Locale, normalizeEmail } from '../core/people.ts';
import { hashPassword } from '../passwords.ts';
import { findEmailHolder } from '../store/accounts.ts';
import { findPersonalOrganization } from '../store/organizations.ts';
import { findUserByEmail } from '../store/users.ts';
import { createUser } from './create-user.ts';
import { mailLink } from './mail-link.ts';

/**
 * The organization of whoever has a mail address: their own, or that of an account that is opened for them now, with a
 * mail by which they choose a password. Which of the two it was is told to nobody.
 */
export async function openAccount(
  context: Context,
  {
    email: written,
    name,
    locale,
  }: { email: string; name?: string | undefined; locale?: Locale | undefined },
): Promise<{ organizationId: string }> {
  const email = normalizeEmail(written);
  // Nobody knows it: the account is entered through the mail.
  const passwordHash = await hashPassword(newSecret(''));
  return inTransaction(context, async (transaction) => {
    const created = await createUser(context, transaction, {
      ...{ email, emailVerifiedAt: null, name: name || null, username: null },
      ...{ locale: locale ?? context.config.locale, platformRole: 'user' },
      ...{ passwordHash, inviteCode: null },
    });
    if (!created) return { organizationId: await organizationOf(context, transaction, email) };
    const { user, organization } = created;
    await mailLink(context, transaction, user, 'open_account');
    await recordAudit(context, transaction, {
      organizationId: organization.id,
      action: 'user.open_account',
      resource: { kind: 'user', id: user.id },
      newValues: { email, name: user.name, locale: user.locale },
    });
    return { organizationId: organization.id };
  });
}

/** Of whoever has the address, or has just left it and can still take it back. */
async function organizationOf(
  { clocks }: Context,
  transaction: Transaction,
  email: string,
): Promise<string> {
  const user = await findUserByEmail(transaction, email);
  const userId = user?.id ?? (await findEmailHolder(transaction, { email, now: clocks.wall() }));
  const organizationId = userId && (await findPersonalOrganization(transaction, userId));
  invariant(organizationId, 'whoever has an address here has an organization of their own');
  return organizationId;
}
