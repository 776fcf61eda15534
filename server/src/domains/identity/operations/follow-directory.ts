/**
 * Follows the company directory: whoever it has closed or knows no more is signed out of an account that it made, and
 * loses the roles that its groups gave. It is undone when the directory knows them again.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  findIdentitiesAt,
  type IdentityRow,
  lockIdentity,
  markIdentityClosed,
} from '../store/external-identities.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { directoryId } from '../store/sign-in-providers.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import { applyGivenRoles, nothingGiven } from './apply-given-roles.ts';
import { loadDirectory } from './load-sign-in-provider.ts';
import { personalChain } from './personal-chain.ts';

const pageSize = 200;
/** A directory that knows nobody of so many is read in the wrong place: nobody is signed out for that. */
const nobodyLeftMin = 5;

export async function followDirectory(context: Context): Promise<void> {
  const known = await loadDirectory(context);
  if (!known) return;
  let after: string | undefined;
  do {
    const place = { providerId: directoryId, after, limit: pageSize };
    const page = await findIdentitiesAt(context.database, place);
    const standing = await known.directory.findStanding(page.map(({ subject }) => subject));
    if (!standing) return;
    const gone = page.filter(({ subject }) => standing.get(subject) !== 'active');
    if (gone.length === page.length && gone.length >= nobodyLeftMin) {
      context.log.error({ people: gone.length }, 'the directory knows nobody: check its settings');
      return;
    }
    for (const identity of page) {
      const isGone = gone.includes(identity);
      if (isGone !== (identity.closedAt !== null)) await take(context, identity, isGone);
    }
    after = page.length === pageSize ? page.at(-1)?.id : undefined;
  } while (after !== undefined);
}

async function take(context: Context, seen: IdentityRow, isGone: boolean): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await lockOperators(transaction);
    const user = await lockUser(transaction, seen.userId);
    const identity = await lockIdentity(transaction, seen);
    if (!user || !identity) return;
    const at = context.clocks.wall();
    await markIdentityClosed(transaction, { id: identity.id, closedAt: isGone ? at : null });
    if (!isGone) return;
    await applyGivenRoles(context, transaction, { user, identity }, nothingGiven);
    if (!identity.isHome) return;
    const ended = await endSessionsOf(transaction, { userId: user.id, reason: 'suspended', at });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'identity.close',
      resource: { kind: 'identity', id: identity.id },
      newValues: { provider: identity.providerId, sessions_ended: ended },
    });
  });
}
