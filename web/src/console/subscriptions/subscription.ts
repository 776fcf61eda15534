/** Subscriptions to plans, as operators read them. */
import type { Answer } from '../../api/call.ts';

/** A subscription with the customer whose it is. */
export type Subscription = Answer<'inspectSubscription'>;
export type Dunning = NonNullable<Subscription['dunning']>;

export const statuses = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'paused',
  'canceled',
  'expired',
] as const;

/** What is read again when a subscription has changed. */
export const subscriptionReads = [
  'searchSubscriptions',
  'inspectSubscription',
  'searchInvoices',
  'inspectOrganization',
  'getOrganizationPlan',
  'listOrganizationQuotas',
  'getOrganizationFeatures',
] as const;

/** Whether it can still be let run to the end of what is paid, rather than be ended at once. */
export function canEndLater({ status, period }: Pick<Subscription, 'status' | 'period'>): boolean {
  return period.to !== null && ['trialing', 'active', 'past_due'].includes(status);
}

/** What happens to it next. */
export function nextOf(
  subscription: Pick<Subscription, 'ended_at' | 'cancel_at' | 'renews_at'>,
): { what: 'ended' | 'ends' | 'renews'; at: string } | undefined {
  const { ended_at: ended, cancel_at: ends, renews_at: renews } = subscription;
  if (ended) return { what: 'ended', at: ended };
  if (ends) return { what: 'ends', at: ends };
  return renews ? { what: 'renews', at: renews } : undefined;
}
