/** What can be done with a subscription but changing its plan. */
import type { Subscription } from '../../features/subscription/subscription.ts';

export type Action = Exclude<Subscription['actions'][number], 'change'>;
export type Timing = 'now' | 'period_end';

export const operationOf = {
  cancel: 'cancelSubscription',
  pause: 'pauseSubscription',
  resume: 'resumeSubscription',
} as const;

/** One that has no end, is not paid, or is canceled already can only be ended now. */
export function timingsOf({
  status,
  period,
  cancel_at: cancelAt,
}: Pick<Subscription, 'status' | 'period' | 'cancel_at'>): readonly Timing[] {
  const isRunning = status === 'trialing' || status === 'active' || status === 'past_due';
  return isRunning && period.to !== null && cancelAt === null ? ['period_end', 'now'] : ['now'];
}

/** Who has canceled already can only bring the end forward. */
export function wordOf(
  action: Action,
  { status }: Pick<Subscription, 'status'>,
): Action | 'endNow' {
  return action === 'cancel' && status === 'canceled' ? 'endNow' : action;
}
