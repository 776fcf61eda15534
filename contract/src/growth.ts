/** Growth: invite codes, who came by them, and the credit that is earned so. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const referralStates = ['pending', 'earned', 'refused', 'clawed_back'] as const;

export const referralReasons = [
  'self_referral',
  'ring',
  'same_address',
  'same_device',
  'same_payer',
  'disputed',
  'refunded',
  'monthly_cap',
  'not_paid_in_time',
  'payments_on_hold',
  'not_active',
] as const;

const Reward = z
  .object({
    amount: Amount.meta({ description: 'Given, in the usage currency.' }),
    taken_back: Amount.meta({ description: 'What of it was taken back, not being spent.' }),
    currency: Currency,
    given_at: Instant,
    expires_at: Instant.nullable(),
  })
  .meta({ id: 'ReferralReward' });

const referralFields = {
  id: z.string(),
  state: z.enum(referralStates),
  reason: z.enum(referralReasons).nullable().meta({
    description: 'Why it is refused or taken back; of a pending one, what it waits for besides.',
  }),
  paid: Amount.meta({ description: 'What the invited has paid and kept, in the usage currency.' }),
  currency: Currency,
  signed_up_at: Instant,
  earned_at: Instant.nullable(),
  due_at: Instant.nullable().meta({
    description: 'When the waiting time of a pending one is over, once enough is paid.',
  }),
};

const Referral = z
  .object({
    ...referralFields,
    who: z.string().meta({ description: 'Their mail address, masked.' }),
    reward: Reward.nullable().meta({ description: 'Of the acting organization.' }),
  })
  .meta({ id: 'Referral' });

const Terms = {
  enabled: z.boolean(),
  inviter_reward: Amount,
  invited_reward: Amount,
  required_payments: Amount.meta({
    description: 'What the invited must have paid, less what went back, for both to earn.',
  }),
  waiting_days: z.number().int().meta({
    description: 'For so long that must stay paid: the time in which it may be refunded.',
  }),
  pay_within_days: z.number().int().meta({ description: 'Of signing up.' }),
  expires_after_days: z
    .number()
    .int()
    .meta({ description: 'For so long the credit may be spent.' }),
  monthly_max: z.number().int().meta({ description: 'Rewards of one inviter in a month.' }),
  currency: Currency,
};

export const getInvite = endpoint({
  operation: 'getInvite',
  method: 'GET',
  path: '/api/v1/invite',
  summary: 'The organization’s own code, the link to sign up by it, and what is earned so far.',
  answer: z
    .object({
      code: z.string(),
      link: z.string(),
      terms: z.object(Terms).meta({ id: 'ReferralTerms' }),
      earned: Amount.meta({ description: 'Less what was taken back.' }),
      pending: z.number().int(),
      earned_this_month: z.number().int(),
    })
    .meta({ id: 'Invite' }),
});

export const listReferrals = endpoint({
  operation: 'listReferrals',
  method: 'GET',
  path: '/api/v1/invite/referrals',
  summary: 'Who signed up by the organization’s code, the newest first.',
  query: PageQuery,
  answer: pageOf(Referral),
});

export const searchReferrals = endpoint({
  operation: 'searchReferrals',
  method: 'GET',
  path: '/api/v1/admin/referrals',
  summary: 'Referrals of all organizations, the newest first.',
  query: PageQuery.extend({
    state: z.enum(referralStates).optional(),
    organization: z.string().max(100).optional().meta({ description: 'Inviter or invited.' }),
  }),
  answer: pageOf(
    z
      .object({
        ...referralFields,
        inviter: z.string(),
        invited: z.string(),
        inviter_reward: Reward.nullable(),
        invited_reward: Reward.nullable(),
      })
      .meta({ id: 'AdminReferral' }),
  ),
});

function whole(min: number, max: number) {
  const error = `Write a whole number from ${min} to ${max}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const ruleFields = {
  enabled: z.boolean().meta({ description: 'Whether a sign-up by a code counts, from now on.' }),
  waiting_days: whole(1, 365),
  pay_within_days: whole(1, 730),
  expires_after_days: whole(1, 730),
  monthly_max: whole(1, 10_000),
};

const atLeastRewards = 'At least both rewards together: nobody gains by paying for themselves.';

const ReferralRules = z
  .object({
    ...ruleFields,
    inviter_reward: Amount,
    invited_reward: Amount,
    required_payments: Amount.meta({ description: atLeastRewards }),
  })
  .meta({ id: 'ReferralRules' });

export const getReferralRules = endpoint({
  operation: 'getReferralRules',
  method: 'GET',
  path: '/api/v1/admin/referrals/rules',
  summary: 'The rules by which credit is earned for those who are invited.',
  answer: ReferralRules,
});

export const setReferralRules = endpoint({
  operation: 'setReferralRules',
  method: 'PUT',
  path: '/api/v1/admin/referrals/rules',
  summary: 'Replaces the rules for those who sign up from now on; who has signed up keeps theirs.',
  body: z.strictObject({
    ...ruleFields,
    inviter_reward: AmountPositive,
    invited_reward: AmountPositive,
    required_payments: AmountPositive.meta({ description: atLeastRewards }),
  }),
  answer: ReferralRules,
  refusals: ['rule_violated'],
});
