/** Referrals as the API answers them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { listReferrals, searchReferrals } from '@sluice/contract/growth';
import { formatNanos } from '../../../platform/money.ts';
import { maskEmail } from './code.ts';
import type { Reason } from './referral.ts';

type OwnView = AnswerOf<typeof listReferrals>['data'][number];
type View = AnswerOf<typeof searchReferrals>['data'][number];

interface ShownReferral {
  id: string;
  inviterId: string;
  invitedId: string;
  state: View['state'];
  reason: Reason | null;
  paid: bigint;
  signedUpAt: Date;
  dueAt: Date | null;
  earnedAt: Date | null;
}

export interface ShownReward {
  side: 'inviter' | 'invited';
  amount: bigint;
  takenBack: bigint;
  currency: string;
  givenAt: Date;
  expiresAt: Date;
}

interface Shown {
  referral: ShownReferral;
  rewards: readonly ShownReward[];
  currency: string;
}

/** `email` of the invited; undefined where it is gone. */
export function presentOwn(shown: Shown, email: string | undefined): OwnView {
  return {
    ...fieldsOf(shown),
    who: email === undefined ? '•••' : maskEmail(email),
    reward: rewardOf(shown, 'inviter'),
  };
}

export function presentReferral(shown: Shown): View {
  return {
    ...fieldsOf(shown),
    inviter: shown.referral.inviterId,
    invited: shown.referral.invitedId,
    inviter_reward: rewardOf(shown, 'inviter'),
    invited_reward: rewardOf(shown, 'invited'),
  };
}

function fieldsOf({ referral, currency }: Shown) {
  return {
    id: referral.id,
    state: referral.state,
    reason: referral.reason,
    paid: formatNanos(referral.paid),
    currency,
    signed_up_at: referral.signedUpAt.toISOString(),
    earned_at: referral.earnedAt?.toISOString() ?? null,
    due_at: referral.dueAt?.toISOString() ?? null,
  };
}

function rewardOf({ rewards }: Shown, side: ShownReward['side']) {
  const reward = rewards.find((each) => each.side === side);
  if (!reward) return null;
  return {
    amount: formatNanos(reward.amount),
    taken_back: formatNanos(reward.takenBack),
    currency: reward.currency,
    given_at: reward.givenAt.toISOString(),
    expires_at: reward.expiresAt.toISOString(),
  };
}
