/** The life of a subscription, as data: in which states it may be, what may happen in each, and what that makes of it. */
export type SubscriptionStatus =
  | 'incomplete'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'paused'
  | 'canceled'
  | 'expired';

export type SubscriptionEvent =
  /** The first invoice is paid, or there was nothing to pay. */
  | 'begin'
  | 'begin_trial'
  | 'end_trial'
  /** The first invoice is void. */
  | 'give_up'
  | 'renew'
  | 'change'
  | 'fall_due'
  /** A late payment. */
  | 'catch_up'
  /** A late payment after dunning has ended it. */
  | 'restore'
  | 'pause'
  | 'resume'
  | 'cancel_now'
  | 'cancel_at_end'
  | 'expire';

/** An event that a state does not name cannot happen in it. */
const transitions: Record<
  SubscriptionStatus,
  Partial<Record<SubscriptionEvent, SubscriptionStatus>>
> = {
  incomplete: {
    begin: 'active',
    begin_trial: 'trialing',
    give_up: 'expired',
    cancel_now: 'expired',
  },
  trialing: {
    change: 'trialing',
    end_trial: 'active',
    cancel_now: 'expired',
    cancel_at_end: 'canceled',
  },
  active: {
    change: 'active',
    renew: 'active',
    fall_due: 'past_due',
    pause: 'paused',
    cancel_now: 'expired',
    cancel_at_end: 'canceled',
  },
  // What is owed is paid before anything is changed; a renewal goes on, so that no period is left out.
  past_due: {
    renew: 'past_due',
    catch_up: 'active',
    cancel_now: 'expired',
    cancel_at_end: 'canceled',
  },
  // What was owed before is owed all the same.
  paused: { resume: 'active', fall_due: 'paused', catch_up: 'paused', cancel_now: 'expired' },
  // Serves until the end of what is paid, and can be had back until then.
  canceled: {
    resume: 'active',
    fall_due: 'canceled',
    catch_up: 'canceled',
    cancel_now: 'expired',
    expire: 'expired',
  },
  expired: { restore: 'active' },
};

/** The state that an event leads to; undefined where it cannot happen. */
export function after(
  status: SubscriptionStatus,
  event: SubscriptionEvent,
): SubscriptionStatus | undefined {
  return transitions[status][event];
}

/** What may happen in a state, such as the buttons that a page shows. */
export function eventsOf(status: SubscriptionStatus): SubscriptionEvent[] {
  return Object.keys(transitions[status]) as SubscriptionEvent[];
}

/** Whether an organization can have no other subscription beside it. */
export function isLive(status: SubscriptionStatus): boolean {
  return status !== 'expired';
}

/** Whether the plan is given. While past due that is dunning's to say. */
export function isServed(status: SubscriptionStatus): boolean {
  return ['trialing', 'active', 'past_due', 'canceled'].includes(status);
}
