import { randomBytes } from 'node:crypto';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail, type User } from '../core/people.ts';
import { hashPassword } from '../passwords.ts';
import { endSessionsOf } from '../store/sessions.ts';
import {
  findAnyAdmin,
  findUserByEmail,
  lockOperators,
  markEmailVerified,
  updatePassword,
  updatePlatformRole,
} from '../store/users.ts';
import { createUser } from './create-user.ts';

export interface AdminCommand {
  email: string;
  /** Left out: a new person's is generated. */
  password?: string | undefined;
}

export interface CreatedAdmin {
  user: User;
  /** Answered this once; undefined where none was generated. */
  generatedPassword: string | undefined;
}

/** Whether the deployment has an operator with all rights. */
export async function hasAdmin(executor: Executor): Promise<boolean> {
  return (await findAnyAdmin(executor)) !== undefined;
}

/**
 * Makes a person an operator with all rights, their address taken as verified. Somebody who has signed up keeps their
 * password, unless one is given: that ends their sessions.
 */
export async function createAdmin(context: Context, command: AdminCommand): Promise<CreatedAdmin> {
  const email = normalizeEmail(command.email);
  const password = command.password ?? randomBytes(15).toString('base64url');
  const passwordHash = await hashPassword(password);
  return inTransaction(context, async (transaction) => {
    // One process makes the operator, another one finds it made.
    await lockOperators(transaction);
    const at = context.clocks.wall();
    const created = await createUser(context, transaction, {
      email,
      emailVerifiedAt: at,
      name: null,
      username: null,
      locale: context.config.locale,
      platformRole: 'admin',
      passwordHash,
      inviteCode: null,
    });
    const user = created?.user ?? (await promote(context, transaction, { email, at }));
    if (!created && command.password !== undefined) {
      await updatePassword(transaction, user.id, passwordHash);
      await endSessionsOf(transaction, { userId: user.id, reason: 'password_reset', at });
    }
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'user.create_admin',
      resource: { kind: 'user', id: user.id },
      newValues: { email, platform_role: 'admin' },
    });
    const isGenerated = created !== undefined && command.password === undefined;
    return { user, generatedPassword: isGenerated ? password : undefined };
  });
}

async function promote(
  context: Context,
  transaction: Transaction,
  { email, at }: { email: string; at: Date },
): Promise<User> {
  const user = await findUserByEmail(transaction, email);
  invariant(user, 'an address that is taken belongs to somebody');
  const verified = await markEmailVerified(transaction, user.id, at);
  await updatePlatformRole(transaction, user.id, 'admin');
  context.log.info({ user: user.id }, 'somebody who had signed up is an operator now');
  return { ...verified, platformRole: 'admin' };
}
