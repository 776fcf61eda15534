/** What is kept about a person: by whom they came, and who came by the codes of their organizations. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findMemberships } from '../../identity/index.ts';
import { findCustomer } from '../commissions-store.ts';
import { findCode, findReferralOf, listReferralRows } from '../store.ts';

const organizationsMax = 200;
const referralsMax = 1000;

export const growthPersonalData: PersonalData = {
  name: 'invitations',
  async export({ database }, userId) {
    const memberships = await findMemberships(database, { userId, limit: organizationsMax });
    const own = memberships.filter(({ personal }) => personal);
    return Promise.all(
      own.map(async ({ id }) => {
        const came = await listReferralRows(database, {
          ...{ inviterId: id, before: undefined, limit: referralsMax },
        });
        return {
          organization: id,
          code: (await findCode(database, id)) ?? null,
          came_by: (await findReferralOf(database, id))?.id ?? null,
          came_by_reseller: (await findCustomer(database, id))?.resellerId ?? null,
          invited: came.map(({ id: referral, state, signedUpAt }) => ({
            ...{ referral, state, signed_up_at: signedUpAt.toISOString() },
          })),
        };
      }),
    );
  },
  /** Credit that was earned is money and stays; the organizations that it names have no names any more. */
  async erase() {},
};
