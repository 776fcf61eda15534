import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { listReferrals, searchReferrals } from '@sluice/contract/growth';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findPeople } from '../../identity/index.ts';
import { presentOwn, presentReferral } from '../core/present.ts';
import { listReferralRows, listRewards, type Referral, type Reward } from '../store.ts';

type Own = AnswerOf<typeof listReferrals>['data'][number];
type Any = AnswerOf<typeof searchReferrals>['data'][number];

/** Who came by the organization's code. */
export async function readOwnReferrals(
  context: Context,
  organizationId: string,
  page: QueryOf<typeof listReferrals>,
): Promise<Page<Own>> {
  const rows = await listReferralRows(context.database, {
    ...{ inviterId: organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  const people = await findPeople(
    context.database,
    rows.map(({ invitedUserId }) => invitedUserId),
  );
  const emails = new Map(people.map(({ id, email }) => [id, email]));
  const rewards = await rewardsOf(context, rows);
  return pageOf(rows, page, idOf, (referral) =>
    presentOwn(shown(context, referral, rewards), emails.get(referral.invitedUserId)),
  );
}

/** Referrals of all organizations. */
export async function findReferrals(
  context: Context,
  { state, organization: organizationId, ...page }: QueryOf<typeof searchReferrals>,
): Promise<Page<Any>> {
  const rows = await listReferralRows(context.database, {
    ...{ state, organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  const rewards = await rewardsOf(context, rows);
  return pageOf(rows, page, idOf, (referral) => presentReferral(shown(context, referral, rewards)));
}

const idOf = ({ id }: Referral) => id;

function rewardsOf({ database }: Context, rows: readonly Referral[]): Promise<Reward[]> {
  return listRewards(database, rows.map(idOf));
}

function shown({ config }: Context, referral: Referral, rewards: readonly Reward[]) {
  const own = rewards.filter(({ referralId }) => referralId === referral.id);
  return { referral, rewards: own, currency: config.usageCurrency };
}
