/** What the form for a code says, once it is opened. */
export const redeem = {
  redeem: {
    code: 'Code',
    rule: 'Write the code.',
    submit: 'Redeem',
    done: '{amount} of credit were added.',
    doneUntil: '{amount} of credit were added. Spend them before <when></when>.',
    coupon: 'The coupon {code} takes {off} off a subscription. Name it when you subscribe.',
    couponPlans:
      'The coupon {code} takes {off} off a subscription to {plans}. Name it when you subscribe.',
    toPlans: 'See plans',
  },
} as const;
