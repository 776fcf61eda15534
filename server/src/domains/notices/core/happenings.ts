/** Which happenings are told, whom, and who mails them. */
import type { HappeningData, HappeningName } from '@sluice/contract/happenings';
import type { OrganizationEvent } from '@sluice/contract/organization-settings';
import type { ToldName } from './wording.ts';

export interface Telling {
  /** What an organization chooses by whom it reaches; null: it is a person's own. */
  setting: OrganizationEvent | null;
  /** Where it is mailed by whoever announces it, with more than is said here: the way to pay, who it was. */
  isMailedElsewhere?: true;
}

export const told: Record<ToldName, Telling> = {
  'payment.succeeded': { setting: 'payment.succeeded' },
  'payment.failed': { setting: 'payment.failed' },
  'refund.succeeded': { setting: 'payment.refunded' },
  'invoice.payment_requested': { setting: 'invoice.to_pay', isMailedElsewhere: true },
  'invoice.overdue': { setting: 'invoice.to_pay' },
  'subscription.created': { setting: 'subscription.changed' },
  'subscription.trial_ending': { setting: 'subscription.changed' },
  'subscription.renewing': { setting: 'subscription.changed' },
  'subscription.renewed': { setting: 'subscription.changed' },
  'subscription.changed': { setting: 'subscription.changed' },
  'subscription.ending': { setting: 'subscription.changed' },
  'subscription.canceled': { setting: 'subscription.changed' },
  'subscription.ended': { setting: 'subscription.changed' },
  'subscription.paused': { setting: 'subscription.changed' },
  'subscription.overdue': { setting: 'subscription.changed' },
  'subscription.suspended': { setting: 'subscription.changed' },
  'subscription.restored': { setting: 'subscription.changed' },
  'package.activated': { setting: 'package.activated' },
  'package.ending': { setting: 'package.ending' },
  'wallet.low': { setting: 'wallet.low' },
  'wallet.auto_top_up_off': { setting: 'wallet.auto_top_up_off', isMailedElsewhere: true },
  'allowance.nearly_used': { setting: 'allowance.used' },
  'allowance.used_up': { setting: 'allowance.used' },
  'quota.exceeded': { setting: 'quota.exceeded' },
  'usage.anomaly_found': { setting: 'usage.anomaly', isMailedElsewhere: true },
  'quote.sent': { setting: 'quote.sent', isMailedElsewhere: true },
  'api_key.expiring': { setting: 'api_key.expiring' },
  'members.changed': { setting: 'members.changed', isMailedElsewhere: true },
  'security.changed': { setting: 'security.changed', isMailedElsewhere: true },
  'device.new': { setting: null, isMailedElsewhere: true },
};

/** Whether this one is worth a notice: what another one says as well, or comes every minute, is not. */
export function isTold(name: HappeningName, data: object, at: Date): name is ToldName {
  if (!Object.hasOwn(told, name)) return false;
  return silences[name]?.(data as never, at) !== true;
}

type Silences = { [N in HappeningName]?: (data: HappeningData<N>, at: Date) => boolean };

const dayMs = 86_400_000;

const silences: Silences = {
  // The customer is asked for what our own charge did not bring, or told that automatic top-up is off.
  'payment.failed': ({ automatic }) => automatic,
  // Of a plan's invoice dunning tells, with what comes of it.
  'invoice.overdue': ({ kind }) => kind === 'subscription',
  // Nothing is charged; and who pays by the day or the week is not told of each.
  'subscription.renewed': ({ amount, current_period_end: end }, at) =>
    !/[1-9]/.test(amount) || Date.parse(end) - at.getTime() < 25 * dayMs,
  'quota.exceeded': ({ window }) => window === 'minute' || window === 'hour',
};
