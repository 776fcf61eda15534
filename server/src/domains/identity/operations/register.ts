import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { requireGoodPassword } from '../common-passwords.ts';
import { type Locale, normalizeEmail, type Organization, type User } from '../core/people.ts';
import { userRegistered } from '../events.ts';
import { hashPassword } from '../passwords.ts';
import { findEmailHolder } from '../store/accounts.ts';
import { findUserByEmail } from '../store/users.ts';
import { joinByInvitation } from './accept-invitation.ts';
import { createUser } from './create-user.ts';
import { mailLink } from './mail-link.ts';
import { noteSighting } from './note-sighting.ts';

export interface Registration {
  email: string;
  password: string;
  name?: string | undefined;
  username?: string | undefined;
  inviteCode?: string | undefined;
  /** Token of an invitation to an organization: its link shows that the mailbox is theirs. */
  invitation?: string | undefined;
  locale?: Locale | undefined;
}

/**
 * Signs a person up with an organization of their own, and mails the link that verifies the address; whoever was invited
 * joins at once, and has shown by the link whose mailbox it is.
 * @throws Refusal `already_exists` naming what is taken, `password_common`, `password_personal`, `link_invalid`,
 * `invitation_for_another`.
 */
export async function register(
  context: Context,
  registration: Registration,
): Promise<{ user: User; organization: Organization }> {
  const email = normalizeEmail(registration.email);
  await requireGoodPassword(registration.password, registration);
  const passwordHash = await hashPassword(registration.password);
  return inTransaction(context, async (transaction) => {
    const created = await createUser(context, transaction, {
      email,
      emailVerifiedAt: registration.invitation === undefined ? null : context.clocks.wall(),
      name: registration.name ?? null,
      username: registration.username ?? null,
      locale: registration.locale ?? context.config.locale,
      platformRole: 'user',
      passwordHash,
      inviteCode: registration.inviteCode ?? null,
    });
    if (!created) {
      const now = context.clocks.wall();
      const isTaken =
        (await findUserByEmail(transaction, email)) ??
        (await findEmailHolder(transaction, { email, now }));
      throw isTaken ? emailTaken() : usernameTaken();
    }
    const { user, organization } = created;
    if (registration.invitation === undefined) {
      await mailLink(context, transaction, user, 'verify_email');
    } else {
      await joinByInvitation(context, transaction, { user, token: registration.invitation });
    }
    await noteSighting(context, transaction, user.id);
    await context.events.announce(context, transaction, userRegistered, {
      userId: user.id,
      organizationId: organization.id,
      inviteCode: registration.inviteCode ?? null,
    });
    const actor = { ...context.actor, kind: 'user' as const, id: user.id };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId: organization.id,
      action: 'user.register',
      resource: { kind: 'user', id: user.id },
      newValues: { email, name: user.name, username: user.username, locale: user.locale },
    });
    return created;
  });
}

export function usernameTaken(): Refusal {
  return new Refusal('already_exists', 'Somebody has this user name: choose another one.', {
    param: 'username',
  });
}

function emailTaken(): Refusal {
  return new Refusal(
    'already_exists',
    'There is an account with this mail address: sign in, or set a new password.',
    { param: 'email' },
  );
}
