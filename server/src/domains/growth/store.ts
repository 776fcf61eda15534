/** SQL about codes, referrals and rewards. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Reason } from './core/referral.ts';
import type { StoredRules } from './core/rules.ts';

export type ReferralState = 'pending' | 'earned' | 'refused' | 'clawed_back';

export interface Referral {
  id: string;
  inviterId: string;
  invitedId: string;
  invitedUserId: string;
  rules: StoredRules;
  state: ReferralState;
  reason: Reason | null;
  /** Nano-units of the usage currency. */
  paid: bigint;
  signedUpAt: Date;
  dueAt: Date | null;
  earnedAt: Date | null;
}

export interface Reward {
  referralId: string;
  side: 'inviter' | 'invited';
  organizationId: string;
  grantId: string;
  amount: bigint;
  takenBack: bigint;
  currency: string;
  givenAt: Date;
  expiresAt: Date;
}

const columns = sql`
  r.id, r.inviter_id as "inviterId", r.invited_id as "invitedId", r.invited_user_id as "invitedUserId", r.rules,
  r.state, r.reason, r.paid, r.signed_up_at as "signedUpAt", r.due_at as "dueAt", r.earned_at as "earnedAt"
`;

export async function findCode(
  executor: Executor,
  organizationId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ code: string }>`
    select code from growth_codes where organization_id = ${organizationId}
  `.execute(executor);
  return rows[0]?.code;
}

/** Answers false where the code, or the organization's own one, is there already. */
export async function insertCode(
  executor: Executor,
  code: { organizationId: string; code: string; at: Date },
): Promise<boolean> {
  const inserted = await sql`
    insert into growth_codes (organization_id, code, created_at)
    values (${code.organizationId}, ${code.code}, ${code.at})
    on conflict do nothing
  `.execute(executor);
  return inserted.numAffectedRows === 1n;
}

/** @scope secret: whoever has the code was given it. */
export async function findInviter(executor: Executor, code: string): Promise<string | undefined> {
  const { rows } = await sql<{ organizationId: string }>`
    select organization_id as "organizationId" from growth_codes where code = ${code}
  `.execute(executor);
  return rows[0]?.organizationId;
}

/** The mutex of what an inviter earns in a month. */
export async function lockInviter(transaction: Transaction, organizationId: string): Promise<void> {
  await sql`
    select 1 from growth_codes where organization_id = ${organizationId} for update
  `.execute(transaction);
}

export async function insertReferral(
  transaction: Transaction,
  referral: Omit<Referral, 'state' | 'reason' | 'paid' | 'earnedAt'>,
): Promise<void> {
  await sql`
    insert into growth_referrals
      (id, inviter_id, invited_id, invited_user_id, rules, state, signed_up_at, due_at, changed_at)
    values
      (${referral.id}, ${referral.inviterId}, ${referral.invitedId}, ${referral.invitedUserId},
       ${JSON.stringify(referral.rules)}::jsonb, 'pending', ${referral.signedUpAt}, ${referral.dueAt},
       ${referral.signedUpAt})
    on conflict (invited_id) do nothing
  `.execute(transaction);
}

/** @scope row: a job or an operator names it. */
export async function findReferral(executor: Executor, id: string): Promise<Referral | undefined> {
  const { rows } = await sql<Referral>`
    select ${columns} from growth_referrals as r where r.id = ${id}
  `.execute(executor);
  return rows[0];
}

/** @scope row: a job or an operator names it. */
export async function lockReferral(
  transaction: Transaction,
  id: string,
): Promise<Referral | undefined> {
  const { rows } = await sql<Referral>`
    select ${columns} from growth_referrals as r where r.id = ${id} for update
  `.execute(transaction);
  return rows[0];
}

/** @scope row: of the organization that was invited. */
export async function findReferralOf(
  executor: Executor,
  invitedId: string,
): Promise<{ id: string; inviterId: string } | undefined> {
  const { rows } = await sql<{ id: string; inviterId: string }>`
    select id, inviter_id as "inviterId" from growth_referrals where invited_id = ${invitedId}
  `.execute(executor);
  return rows[0];
}

/**
 * Others who came by the same code, the latest first.
 * @scope row: of the organization that invited.
 */
export async function listSiblings(
  executor: Executor,
  { inviterId, invitedId, limit }: { inviterId: string; invitedId: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ invitedId: string }>`
    select invited_id as "invitedId"
    from growth_referrals
    where inviter_id = ${inviterId}
      and invited_id <> ${invitedId}
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows.map((row) => row.invitedId);
}

export async function saveReferral(
  transaction: Transaction,
  referral: Referral,
  at: Date,
): Promise<void> {
  await sql`
    update growth_referrals
    set state = ${referral.state}, reason = ${referral.reason}, paid = ${referral.paid}, due_at = ${referral.dueAt},
      earned_at = ${referral.earnedAt}, changed_at = ${at}
    where id = ${referral.id}
  `.execute(transaction);
}

export async function insertReward(transaction: Transaction, reward: Reward): Promise<void> {
  await sql`
    insert into growth_rewards
      (referral_id, side, organization_id, grant_id, amount, currency, given_at, expires_at)
    values
      (${reward.referralId}, ${reward.side}, ${reward.organizationId}, ${reward.grantId}, ${reward.amount},
       ${reward.currency}, ${reward.givenAt}, ${reward.expiresAt})
  `.execute(transaction);
}

export async function saveTakenBack(
  transaction: Transaction,
  { referralId, side, takenBack }: Pick<Reward, 'referralId' | 'side' | 'takenBack'>,
): Promise<void> {
  await sql`
    update growth_rewards
    set taken_back = ${takenBack}
    where referral_id = ${referralId} and side = ${side}
  `.execute(transaction);
}

/** @scope row: of referrals that were found in scope. */
export async function listRewards(
  executor: Executor,
  referralIds: readonly string[],
): Promise<Reward[]> {
  const { rows } = await sql<Reward>`
    select referral_id as "referralId", side, organization_id as "organizationId", grant_id as "grantId", amount,
      taken_back as "takenBack", currency, given_at as "givenAt", expires_at as "expiresAt"
    from growth_rewards
    where referral_id = any(${[...referralIds]}::text[])
    order by referral_id, organization_id
  `.execute(executor);
  return rows;
}

/**
 * How often an inviter was rewarded since an instant, taken back or not.
 * @scope row: of the organization that invited.
 */
export async function countEarned(
  executor: Executor,
  inviterId: string,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from growth_referrals
    where inviter_id = ${inviterId}
      and earned_at >= ${since}
  `.execute(executor);
  return rows[0]?.count ?? 0;
}

/** @scope row: of the organization that invited. */
export async function sumEarned(
  executor: Executor,
  organizationId: string,
): Promise<{ earned: bigint; pending: number }> {
  const { rows } = await sql<{ earned: bigint; pending: number }>`
    select
      (
        select coalesce(sum(w.amount - w.taken_back), 0)::bigint
        from growth_referrals as r
        join growth_rewards as w on w.referral_id = r.id and w.side = 'inviter'
        where r.inviter_id = ${organizationId}
      ) as earned,
      (
        select count(*)::integer
        from growth_referrals
        where inviter_id = ${organizationId} and state = 'pending'
      ) as pending
  `.execute(executor);
  return rows[0] ?? { earned: 0n, pending: 0 };
}

export interface ReferralPage {
  inviterId?: string | undefined;
  /** Inviter or invited. */
  organizationId?: string | undefined;
  state?: ReferralState | undefined;
  before: string | undefined;
  limit: number;
}

/** @scope deployment: operators list all; a customer’s list names the inviter. */
export async function listReferralRows(
  executor: Executor,
  page: ReferralPage,
): Promise<Referral[]> {
  const { inviterId = null, organizationId = null, state = null, before = null } = page;
  const { rows } = await sql<Referral>`
    select ${columns}
    from growth_referrals as r
    where (${inviterId}::text is null or r.inviter_id = ${inviterId})
      and (${organizationId}::text is null or ${organizationId} in (r.inviter_id, r.invited_id))
      and (${state}::text is null or r.state = ${state})
      and (${before}::text is null or r.id < ${before})
    order by r.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}
