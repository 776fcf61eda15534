/** What is kept about a person: the score and flags of their own organization, and how often somebody failed to be them. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findMemberships } from '../../identity/index.ts';
import { deleteSignInFailures } from '../signals-store.ts';
import { findStanding, listFlagsOf } from '../store.ts';

const organizationsMax = 200;
const flagsMax = 100;

export const riskPersonalData: PersonalData = {
  name: 'risk',
  async export({ database }, userId) {
    const owned = await ownOrganizations(database, userId);
    const flags = await listFlagsOf(database, {
      ...{ organizationIds: owned, limit: flagsMax, isInForce: false },
    });
    const standings = await Promise.all(owned.map((id) => findStanding(database, id)));
    return standings.flatMap((standing) =>
      standing
        ? [
            {
              organization: standing.organizationId,
              score: standing.score,
              held: standing.isHeld,
              flags: flags
                .filter(({ organizationId }) => organizationId === standing.organizationId)
                .map(({ rule, state, count, openedAt }) => ({
                  ...{ rule, state, count, opened_at: openedAt.toISOString() },
                })),
            },
          ]
        : [],
    );
  },
  /** Flags stay with the organization, which has no name any more: they name nobody. */
  async erase(_context, transaction, userId) {
    await deleteSignInFailures(transaction, await ownOrganizations(transaction, userId));
  },
};

async function ownOrganizations(
  executor: Parameters<typeof findMemberships>[0],
  userId: string,
): Promise<string[]> {
  const memberships = await findMemberships(executor, { userId, limit: organizationsMax });
  return memberships.flatMap(({ id, personal }) => (personal ? [id] : []));
}
