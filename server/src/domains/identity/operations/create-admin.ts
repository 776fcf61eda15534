import { randomBytes } from 'node:crypto';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail, type User } from '../core/people.ts';
import { hashPassword } from '../passwords.ts';
import {
  findAnyAdmin,
  findUserByEmail,
  lockOperators,
  markEmailVerified,
  updatePassword,
  updatePlatformRole,
} from '../store/users.ts';
import { createUser } from './create-user.ts';

/** The first operator's address where `SLUICE_ADMIN_EMAIL` names none. */
const emailDefault = 'admin@sluice.local';

export interface AdminCommand {
  email: string;
  /** Left out: one is generated. */
  password?: string | undefined;
}

export interface CreatedAdmin {
  user: User;
  /** The generated password, answered this once. */
  password: string | null;
}

/** Makes a person an operator with all rights: a new one, or one who has signed up. Their password is set anew. */
export async function createAdmin(context: Context, command: AdminCommand): Promise<CreatedAdmin> {
  const admin = await prepare(command);
  return inTransaction(context, async (transaction) => {
    await lockOperators(transaction);
    return makeAdmin(context, transaction, admin);
  });
}

/** Makes the first operator, from the settings; undefined where there is one already. */
export async function ensureAdmin(context: Context): Promise<CreatedAdmin | undefined> {
  if (await findAnyAdmin(context.database)) return undefined;
  const { adminEmail, adminPassword } = context.config;
  const admin = await prepare({ email: adminEmail ?? emailDefault, password: adminPassword });
  return inTransaction(context, async (transaction) => {
    await lockOperators(transaction);
    if (await findAnyAdmin(transaction)) return undefined;
    return makeAdmin(context, transaction, admin);
  });
}

interface PreparedAdmin {
  email: string;
  password: string | null;
  passwordHash: string;
}

async function prepare({ email, password }: AdminCommand): Promise<PreparedAdmin> {
  const generated = password === undefined ? randomBytes(15).toString('base64url') : null;
  return {
    email: normalizeEmail(email),
    password: generated,
    passwordHash: await hashPassword(password ?? generated ?? ''),
  };
}

async function makeAdmin(
  context: Context,
  transaction: Transaction,
  { email, password, passwordHash }: PreparedAdmin,
): Promise<CreatedAdmin> {
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
  const user = created?.user ?? (await findUserByEmail(transaction, email));
  invariant(user, 'an address that is taken belongs to somebody');
  if (!created) {
    await updatePassword(transaction, user.id, passwordHash);
    await markEmailVerified(transaction, user.id, at);
    await updatePlatformRole(transaction, user.id, 'admin');
  }
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'user.create_admin',
    resource: { kind: 'user', id: user.id },
    oldValues: { platform_role: created ? null : user.platformRole },
    newValues: { email, platform_role: 'admin' },
  });
  return { user: { ...user, platformRole: 'admin', emailVerifiedAt: at }, password };
}
