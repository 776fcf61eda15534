/** Words of stored payment methods, ways to pay, declines, and wallets that refill themselves. */
export const paymentMethods = {
  ways: {
    save: 'Keep this payment method',
    saveNote: 'The provider keeps it, not us. You can remove it at any time.',
    expired: 'It has expired.',
    notForCurrency: 'It does not take this currency.',
    nextMethod: '{price} is charged to {method} at once.',
    goneMethod: 'A payment method that was removed',
  },
  declines: {
    insufficient_funds: {
      reason: 'There is not enough money behind this payment method.',
      remedy: 'Pay with another one, or top it up and try again.',
    },
    card_declined: {
      reason: 'The bank declined the card.',
      remedy: 'Ask the bank why, or pay with another card.',
    },
    expired_method: {
      reason: 'The payment method has expired.',
      remedy: 'Store the new card, or pay another way.',
    },
    action_required: {
      reason: 'The bank wants you to confirm the payment yourself.',
      remedy: 'Pay again here and confirm it on the provider’s page.',
    },
    method_unusable: {
      reason: 'The payment method cannot be used any more.',
      remedy: 'Remove it and pay with another one.',
    },
    limit_exceeded: {
      reason: 'The amount is above the limit of this payment method.',
      remedy: 'Raise the limit at your bank, or pay another way.',
    },
    suspected_fraud: {
      reason: 'The bank or the provider suspected fraud.',
      remedy: 'Call your bank, or pay another way.',
    },
    currency_unsupported: {
      reason: 'The provider does not take this currency or amount.',
      remedy: 'Pay with another provider.',
    },
    canceled_by_payer: {
      reason: 'The payment was canceled at the provider.',
      remedy: 'Pay again whenever you like.',
    },
    returned: {
      reason: 'The payment from the bank account came back.',
      remedy: 'Check the account, or pay another way.',
    },
    provider_error: {
      reason: 'The payment provider failed.',
      remedy: 'Try again in a while, or pay another way.',
    },
  },
  paymentMethods: {
    title: 'Payment methods',
    note: 'Kept at the payment provider and charged for renewals, top-ups and what you buy.',
    add: 'Add a payment method',
    addTitle: 'Add a payment method',
    addNote:
      'You go to the provider, tell it your card or account there, and come back. Nothing is charged.',
    where: 'Keep it at',
    continue: 'Continue',
    nobodyStores: 'No payment provider that keeps methods is set up.',
    none: 'No payment methods yet',
    noneNote: 'Add one here, or have it kept when you pay.',
    default: 'Default',
    expired: 'Expired',
    expires: 'good until {month}',
    confirmed: 'confirmed by the provider',
    makeDefault: 'Make it the default',
    remove: 'Remove',
    removed: 'Removed.',
    removeTitle: 'Remove {label}?',
    removeNote:
      'It is forgotten here and at the provider. Renewals that were charged to it are asked for by mail, and automatic top-ups from it stop.',
    kinds: {
      card: 'Card',
      bank_account: 'Bank account',
      account: 'Account',
      agreement: 'Agreement',
    },
    stored: '{label} is stored.',
    notStored: 'The payment method was not stored.',
    waiting: 'Waiting for your payment method',
    waitingNote: 'This page changes by itself as soon as it is stored.',
  },
  givenBack: {
    title: 'Given back',
    less: '<sum></sum> given back',
    to: { provider: 'To how it was paid', wallet: 'To the wallet' },
    statuses: {
      pending: 'On its way',
      succeeded: 'Given back',
      failed: 'Not given back',
      unknown: 'Being checked',
    },
  },
  autoTopUp: {
    title: 'Automatic top-up',
    note: 'The wallet refills itself from a stored payment method.',
    needsMethod: 'Store a payment method first.',
    toMethods: 'Payment methods',
    enabled: 'Refill automatically',
    below: 'When less is available than ({currency})',
    amount: 'Top up by ({currency})',
    limit: 'At most in a month ({currency})',
    method: 'From',
    switchedOff: 'Automatic top-up was switched off on <when></when>.',
    underWay: 'A top-up is under way.',
    limitReached:
      'Another top-up would exceed this month’s limit, so it waits until the next month.',
    thisMonth: 'This month: <sum></sum> of at most <limit></limit>.',
  },
} as const;
