/** Notices in English. What is in braces is filled in; a page's button says what to do there. */
import type { Words } from './wording.ts';

const seeInvoice = 'Open the invoice';
const openPlan = 'Open your plan';
const openPackages = 'See packages';

export const english: Words = {
  'payment.succeeded': {
    title: 'Payment received: {amount}',
    text: 'Your payment of {amount} has arrived. Thank you.',
    action: seeInvoice,
  },
  'payment.failed': {
    title: 'Payment of {amount} failed',
    text: 'Your payment of {amount} was declined, and nothing was charged. Try again, or pay another way.',
    action: seeInvoice,
  },
  'refund.succeeded': {
    title: 'Refunded: {amount}',
    text: '{amount} of a payment of yours was given back. A bank may need some days to show it.',
    action: seeInvoice,
  },
  'invoice.payment_requested': {
    title: '{amount} to pay by {due}',
    text: 'An invoice of {amount} is to be paid by {due}.',
    action: 'Pay the invoice',
  },
  'invoice.overdue': {
    title: 'Invoice overdue: {amount}',
    text: 'An invoice of {amount} was to be paid by {due} and is not. Pay it now.',
    action: 'Pay the invoice',
  },
  'subscription.created': {
    title: 'Your plan {plan} is active',
    text: '{plan} is active until {end}. Your API keys can use it from now on.',
    action: openPlan,
  },
  'subscription.trial_ending': {
    title: 'Your trial of {plan} ends on {end}',
    text: 'After {end} you are charged {amount}. To go without it, cancel before that.',
    action: openPlan,
  },
  'subscription.renewing': {
    title: '{plan} renews on {end}',
    text: '{plan} renews on {end} for {amount}.',
    action: openPlan,
  },
  'subscription.renewed': {
    title: '{plan} was renewed',
    text: '{plan} was renewed for {amount} and runs until {end}.',
    action: openPlan,
  },
  'subscription.changed': {
    title: '{plan} was changed',
    text: 'Your subscription was changed. Its period runs until {end}; the next one costs {amount}.',
    action: openPlan,
  },
  'subscription.ending': {
    title: '{plan} ends on {end}',
    text: '{plan} was canceled and ends on {end}. Until then you can take the cancellation back.',
    action: openPlan,
  },
  'subscription.canceled': {
    title: '{plan} was canceled',
    text: '{plan} was canceled and ends on {end}. Until then you can take the cancellation back.',
    action: openPlan,
  },
  'subscription.ended': {
    title: '{plan} has ended',
    text: '{plan} has ended. API keys can no longer use what it gave; subscribe again at any time.',
    action: 'See plans',
  },
  'subscription.paused': {
    title: '{plan} is paused',
    text: '{plan} is paused: API keys cannot use what it gives until you resume it.',
    action: openPlan,
  },
  'subscription.overdue': {
    title: 'Payment for {plan} is overdue',
    text: 'An invoice for {plan} is not paid yet. Pay it to keep the plan.',
    action: 'See invoices',
  },
  'subscription.suspended': {
    title: '{plan} is suspended',
    text: 'An invoice for {plan} is still not paid, so API keys are refused. Pay it and everything is back at once.',
    action: 'See invoices',
  },
  'subscription.restored': {
    title: '{plan} is active again',
    text: 'Your payment has arrived: {plan} is active again until {end}.',
    action: openPlan,
  },
  'package.activated': {
    title: '{name} is active',
    text: '{name} is active until {end}. Your API keys can use it from now on.',
    action: 'See what is left today',
  },
  'package.ending': {
    title: '{name} ends on {end}',
    text: '{name} ends on {end}. Buy another to go on without a break.',
    action: openPackages,
  },
  'wallet.low': {
    title: 'Low balance: {balance}',
    text: 'There is {balance} in the wallet, less than {threshold}. Top it up before calls are refused.',
    action: 'Top up',
  },
  'wallet.auto_top_up_off': {
    title: 'Automatic top-up is off',
    text: 'The wallet was to be topped up by {amount}, and the charge was declined. Choose another payment method, and switch automatic top-up on again.',
    action: 'Open billing',
  },
  'allowance.nearly_used': {
    title: '{name}: 80 % of the allowance is used',
    text: '{remaining} of {allowance} is left until {resets}.',
    action: openPackages,
  },
  'allowance.used_up': {
    title: '{name}: the allowance is used up',
    text: 'Nothing of {allowance} is left until {resets}. Calls are paid from credit and the wallet until then.',
    action: openPackages,
  },
  'quota.exceeded': {
    title: 'Quota reached: {meter}',
    text: '{used} of {limit} is used, counted {window}. {consequence}',
    action: 'See quotas',
  },
  'usage.anomaly_found': {
    title: 'Far more was used than usual',
    text: 'From {from} on {value} was used; usual at that time is {expected}. If that is not right, look at which key it was, and revoke it.',
    action: 'See usage',
  },
  'quote.sent': {
    title: 'A quote for {plan}',
    text: 'You have a quote for {plan}. Read it, and accept it while it is valid.',
    action: 'Open the quote',
  },
  'api_key.expiring': {
    title: 'API key {name} expires on {expires}',
    text: 'Calls with the API key {name} are refused from {expires} on. Make another one, or give this one more time.',
    action: 'Open keys',
  },
  'members.changed': {
    title: 'Members have changed',
    text: '{change}',
    action: 'See members',
  },
  'security.changed': {
    title: 'Security has changed',
    text: '{change}',
    action: 'See what changed',
  },
  'device.new': {
    title: 'A new sign-in to your account',
    text: 'Somebody signed in to your account from a device or address that is new to it: {place}. If this was not you, set a new password and end the other sessions.',
    action: 'Open your account',
  },
};
