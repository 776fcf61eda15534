/** Finds or makes the account of somebody whom a provider has proven, and brings it in step with the provider. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  type ClaimProblem,
  decideAccount,
  domainOf,
  emailOf,
  findClaimProblem,
  nameOf,
} from '../core/external-account.ts';
import type { User } from '../core/people.ts';
import type { ProvenPerson } from '../provider.ts';
import {
  findIdentity,
  findIdentityOf,
  type IdentityRow,
  insertIdentity,
  lockSubject,
  updateIdentity,
} from '../store/external-identities.ts';
import { endSessionsOf } from '../store/sessions.ts';
import type { ProviderRow } from '../store/sign-in-providers.ts';
import { findDomainOwner } from '../store/sso-domains.ts';
import {
  findUserByEmail,
  lockOperators,
  lockUser,
  markEmailVerified,
  type UserWithPassword,
  updatePassword,
} from '../store/users.ts';
import { applyGivenRoles } from './apply-given-roles.ts';
import { createUser } from './create-user.ts';
import { keepInStep } from './keep-in-step.ts';
import { givenBy } from './load-sign-in-provider.ts';
import { personalChain } from './personal-chain.ts';

/**
 * The account that the person may enter, made at the first sign-in; their groups' roles are given and taken.
 * @throws Refusal `sso_failed` where the provider's word on the address is not enough, `link_required` where an account
 * may only be joined from within.
 */
export async function admitPerson(
  context: Context,
  row: ProviderRow,
  person: ProvenPerson,
): Promise<User> {
  return inTransaction(context, async (transaction) => {
    const subject = { providerId: row.id, subject: person.subject };
    await lockSubject(transaction, subject);
    if (row.organizationId === null) await lockOperators(transaction);
    const known = await findIdentity(transaction, subject);
    await requireClaim(transaction, row, { person, known });
    const identity = known ?? (await findAccount(context, transaction, row, person));
    const user = await lockUser(transaction, identity.userId);
    invariant(user, 'an identity is of a person');
    // An organization decides who its people are, never who operates the deployment.
    if (row.organizationId !== null && user.platformRole !== 'user') throw linkRequired();
    return bringInStep(context, transaction, row, { person, identity, user });
  });
}

/** Without an address somebody who is known still comes in: some directories have none for everybody. */
async function requireClaim(
  transaction: Transaction,
  row: ProviderRow,
  { person, known }: { person: ProvenPerson; known: IdentityRow | undefined },
): Promise<void> {
  const email = emailOf(person.email);
  const owner = email ? await findDomainOwner(transaction, domainOf(email)) : undefined;
  const problem = findClaimProblem({
    email: person.email,
    isEmailVerified: person.isEmailVerified,
    organizationId: row.organizationId,
    domainOwner: owner?.organizationId,
  });
  if (problem === undefined || (known && row.organizationId === null)) return;
  throw new Refusal('sso_failed', claimSentences[problem]);
}

const claimSentences: Record<ClaimProblem, string> = {
  no_email:
    'Your sign-in provider sent no mail address: ask whoever runs it to add one to your account.',
  foreign_email:
    'Your mail address is of no domain that this organization has proven: sign in another way, or ask its administrator.',
  unverified_email:
    'Your sign-in provider has not verified your mail address: verify it there, then try again.',
};

async function findAccount(
  context: Context,
  transaction: Transaction,
  row: ProviderRow,
  person: ProvenPerson,
): Promise<IdentityRow> {
  const email = emailOf(person.email);
  invariant(email, 'the address was judged before');
  const account = await findUserByEmail(transaction, email);
  const place = { userId: account?.id ?? '', providerId: row.id };
  const decision = decideAccount(
    account && {
      id: account.id,
      isOperator: account.platformRole !== 'user',
      isTaken: (await findIdentityOf(transaction, place)) !== undefined,
    },
  );
  if (decision.kind === 'refused') throw linkRequired();
  if (decision.kind === 'join') {
    await join(context, transaction, decision.userId);
    return addIdentity(context, transaction, row, {
      person,
      userId: decision.userId,
      isHome: false,
    });
  }
  const created = await createUser(context, transaction, {
    ...{ email, emailVerifiedAt: context.clocks.wall(), name: nameOf(person.name), username: null },
    // No password: the provider is the way in.
    ...{ locale: context.config.locale, platformRole: 'user', passwordHash: '', inviteCode: null },
  });
  // Somebody signed up with the address a moment ago.
  if (!created)
    throw new Refusal('conflict', 'Somebody else was signing in with this address: try again.');
  return addIdentity(context, transaction, row, { person, userId: created.user.id, isHome: true });
}

/**
 * An account whose address was never confirmed may be a trap that somebody else set: its password opens nothing from now
 * on.
 */
async function join(context: Context, transaction: Transaction, userId: string): Promise<void> {
  const user = await lockUser(transaction, userId);
  if (!user || user.emailVerifiedAt) return;
  const at = context.clocks.wall();
  await markEmailVerified(transaction, userId, at);
  await updatePassword(transaction, userId, '');
  await endSessionsOf(transaction, { userId, reason: 'password_reset', at });
}

/** Adds a provider's word to an account. */
export async function addIdentity(
  context: Context,
  transaction: Transaction,
  row: ProviderRow,
  { person, userId, isHome }: { person: ProvenPerson; userId: string; isHome: boolean },
): Promise<IdentityRow> {
  const at = context.clocks.wall();
  const identity: IdentityRow = {
    ...{ id: newId('idn', at), providerId: row.id, subject: person.subject, userId },
    ...{ email: person.email, isHome, grantedPlatformRole: null },
    closedAt: null,
  };
  await insertIdentity(transaction, { ...identity, at });
  const actor = { ...context.actor, kind: 'user' as const, id: userId };
  await recordAudit({ ...context, actor }, transaction, {
    organizationId: await personalChain(transaction, userId),
    action: isHome ? 'user.create' : 'identity.link',
    resource: isHome ? { kind: 'user', id: userId } : { kind: 'identity', id: identity.id },
    newValues: { provider: row.id, email: person.email },
  });
  return identity;
}

async function bringInStep(
  context: Context,
  transaction: Transaction,
  row: ProviderRow,
  {
    person,
    identity,
    user,
  }: { person: ProvenPerson; identity: IdentityRow; user: UserWithPassword },
): Promise<User> {
  const given = givenBy(row, person.groups);
  const grantedPlatformRole = await applyGivenRoles(
    context,
    transaction,
    { user, identity },
    given,
  );
  const { passwordHash: _, ...shown } = user;
  if (identity.isHome) await keepInStep(context, transaction, shown, { person, provider: row.id });
  await updateIdentity(transaction, {
    id: identity.id,
    email: person.email,
    grantedPlatformRole,
    lastUsedAt: context.clocks.wall(),
  });
  return shown;
}

/** The refusal for a provider's word on an account that only its owner may open to it. */
export function linkRequired(): Refusal {
  return new Refusal(
    'link_required',
    'There is an account with this mail address already: sign in to it the way you did before, then add this provider under Account.',
  );
}
