/** Providers that a signed-in person adds to their account, or takes away. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { User } from '../core/people.ts';
import type { ProvenPerson } from '../provider.ts';
import { findPasswordHash } from '../store/accounts.ts';
import {
  deleteIdentity,
  findIdentities,
  findIdentity,
  findIdentityOf,
  type IdentityRow,
  lockIdentity,
  lockSubject,
  type ShownIdentity,
  updateIdentity,
} from '../store/external-identities.ts';
import { findPasskeys } from '../store/passkeys.ts';
import type { ProviderRow } from '../store/sign-in-providers.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import { addIdentity, linkRequired } from './admit-person.ts';
import { applyGivenRoles, nothingGiven } from './apply-given-roles.ts';
import { givenBy, loadDirectory } from './load-sign-in-provider.ts';
import { beginProof } from './login-attempts.ts';
import { personalChain } from './personal-chain.ts';
import { directoryUnavailable } from './prove-by-directory.ts';

export function listIdentities(context: Context, userId: string): Promise<ShownIdentity[]> {
  return findIdentities(context.database, userId);
}

/**
 * Adds whom a provider has proven to a person's account, whatever mail address they have there.
 * @throws Refusal `already_exists` where somebody has it, or the person another one; `link_required`.
 */
export async function linkPerson(
  context: Context,
  transaction: Transaction,
  { row, person, userId }: { row: ProviderRow; person: ProvenPerson; userId: string },
): Promise<void> {
  const subject = { providerId: row.id, subject: person.subject };
  await lockSubject(transaction, subject);
  await lockOperators(transaction);
  const known = await findIdentity(transaction, subject);
  const place = { userId, providerId: row.id };
  const own = known ?? (await findIdentityOf(transaction, place));
  if (own) {
    throw new Refusal(
      'already_exists',
      known?.userId === userId
        ? `${row.name} signs you in already.`
        : `This account of ${row.name} signs somebody else in, or you have another one there: take that one away first.`,
    );
  }
  const user = await lockUser(transaction, userId);
  invariant(user, 'a session belongs to a person');
  // An organization's provider never opens the account of somebody who operates the deployment.
  if (row.organizationId !== null && user.platformRole !== 'user') throw linkRequired();
  const identity = await addIdentity(context, transaction, row, { person, userId, isHome: false });
  const given = givenBy(row, person.groups);
  const grantedPlatformRole = await applyGivenRoles(
    context,
    transaction,
    { user, identity },
    given,
  );
  const lastUsedAt = context.clocks.wall();
  await updateIdentity(transaction, { ...identity, grantedPlatformRole, lastUsedAt });
}

/**
 * Adds the person's account at the company directory, proven by its password.
 * @throws Refusal `invalid_credentials`, `directory_unavailable`, `already_exists`, `too_many_requests`.
 */
export async function linkDirectory(
  context: Context,
  userId: string,
  credentials: { login: string; password: string },
): Promise<void> {
  const known = await loadDirectory(context);
  if (!known) throw notFound('sign-in provider', 'provider');
  const attempt = await beginProof(context, userId);
  const answer = await known.directory.prove(credentials);
  if (answer.status === 'unavailable') throw directoryUnavailable();
  if (answer.status !== 'proven') {
    throw new Refusal(
      'invalid_credentials',
      'The directory knows nobody by this name and password: correct them.',
      { param: 'password' },
    );
  }
  await attempt.succeed();
  const command = { row: known.row, person: answer.person, userId };
  await inTransaction(context, (transaction) => linkPerson(context, transaction, command));
}

/**
 * Takes a provider away from an account, and what its groups gave.
 * @throws Refusal `not_found`, `invalid_state` for the last way to sign in.
 */
export async function unlinkIdentity(
  context: Context,
  { id, userId }: { id: string; userId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await lockOperators(transaction);
    const user = await lockUser(transaction, userId);
    const identity = await lockIdentity(transaction, { id, userId });
    if (!user || !identity) throw notFound('account at a provider');
    await requireAnotherWay(transaction, userId);
    await removeIdentity(context, transaction, { user, identity });
  });
}

/**
 * Takes away what was added to an account since, and what its groups gave; the operators and the person are locked.
 * Answers how many there were.
 */
export async function unlinkSince(
  context: Context,
  transaction: Transaction,
  { user, since }: { user: User; since: Date },
): Promise<number> {
  const identities = await findIdentities(transaction, user.id);
  const added = identities.filter(({ isHome, createdAt }) => !isHome && createdAt >= since);
  for (const identity of added) {
    await removeIdentity(context, transaction, { user, identity });
  }
  return added.length;
}

async function removeIdentity(
  context: Context,
  transaction: Transaction,
  { user, identity }: { user: User; identity: IdentityRow },
): Promise<void> {
  await applyGivenRoles(context, transaction, { user, identity }, nothingGiven);
  await deleteIdentity(transaction, identity.id);
  await recordAudit(context, transaction, {
    organizationId: await personalChain(transaction, user.id),
    action: 'identity.unlink',
    resource: { kind: 'identity', id: identity.id },
    oldValues: { provider: identity.providerId, email: identity.email },
  });
}

async function requireAnotherWay(transaction: Transaction, userId: string): Promise<void> {
  if ((await findPasswordHash(transaction, userId)) !== '') return;
  if ((await findPasskeys(transaction, { userId, limit: 1 })).length > 0) return;
  if ((await findIdentities(transaction, userId)).length > 1) return;
  throw new Refusal(
    'invalid_state',
    'This is your only way to sign in: set a password or add a passkey first.',
  );
}
