import type { Context } from '../../../platform/context.ts';
import { inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Membership, User } from '../core/people.ts';
import { findMemberships } from '../store/members.ts';
import { findPasskeys } from '../store/passkeys.ts';
import { findTotp } from '../store/second-factors.ts';
import {
  findOpenSessions,
  findUserSuspension,
  type OpenSession,
  type Suspension,
} from '../store/suspensions.ts';
import { findUser, lockUser } from '../store/users.ts';
import { mailLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

const organizationsShownMax = 200;

export interface InspectedUser {
  user: User;
  organizations: Membership[];
  suspension: Suspension | null;
  hasSecondFactor: boolean;
  sessions: OpenSession[];
}

/**
 * A person, as an operator sees them.
 * @throws Refusal `not_found`.
 */
export async function inspectUser(context: Context, id: string): Promise<InspectedUser> {
  const { database, clocks } = context;
  const user = await findUser(database, id);
  if (!user) throw notFound('user');
  const [organizations, suspension, totp, passkeys, sessions] = await Promise.all([
    findMemberships(database, { userId: id, limit: organizationsShownMax }),
    findUserSuspension(database, id),
    findTotp(database, id),
    findPasskeys(database, { userId: id, limit: 1 }),
    findOpenSessions(database, { userId: id, now: clocks.wall() }),
  ]);
  return {
    ...{ user, organizations, sessions },
    suspension: suspension ?? null,
    hasSecondFactor: Boolean(totp?.enabledAt) || passkeys.length > 0,
  };
}

/**
 * Mails the link again that verifies the person's address, at most once a minute.
 * @throws Refusal `not_found`, `invalid_state` where the address is verified.
 */
export async function resendVerification(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, id);
    if (!user) throw notFound('user');
    if (user.emailVerifiedAt !== null) {
      throw new Refusal('invalid_state', 'The address is verified: there is nothing to send.');
    }
    await mailLink(context, transaction, user, 'verify_email');
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, id),
      action: 'user.resend_verification',
      resource: { kind: 'user', id },
    });
  });
}
