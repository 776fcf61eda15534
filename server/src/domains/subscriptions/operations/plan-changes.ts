import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { agreedTerms, isEndless } from '../core/agreed-terms.ts';
import { directionOf } from '../core/direction.ts';
import { changeDiscounts, couponAfter, periodDiscounts } from '../core/discounts.ts';
import { after, type SubscriptionEvent } from '../core/lifecycle.ts';
import type { OpenWindow } from '../core/open-windows.ts';
import { isOtherPeriod } from '../core/period.ts';
import {
  type ChangePlan,
  isSameInterval,
  planChange,
  type SubscriptionChange,
} from '../core/plan-change.ts';
import type { RatedPeriod, Subscription } from '../core/record.ts';
import { type MeterAmount, priceOf, type SubscriptionTerms } from '../core/subscription.ts';
import { changeAddOns } from './plan-add-ons.ts';
import { type PeriodRating, ratePeriod } from './rate-period.ts';
import { setAddOn } from './set-add-on.ts';
import type { LinesToSettle } from './settle-lines.ts';
import { requireOnOffer, requirePrice } from './subscribe.ts';
import { usedSince, usedWithin } from './used-by-now.ts';

export interface ChangeCommand {
  /** `add_on`: `plan` is an add-on, of which `quantity` are to be had. */
  action: 'change' | 'cancel' | 'pause' | 'resume' | 'add_on';
  /** Only a change in this direction, or to the same price. */
  only?: 'up' | 'down' | undefined;
  plan?: string | undefined;
  cycle?: string | undefined;
  quantity?: number | undefined;
  when?: 'now' | 'period_end' | undefined;
}

export interface PlannedChange {
  /** How the history names it. */
  kind: SubscriptionEvent;
  effect: 'now' | 'period_end';
  next: Subscription;
  settle: LinesToSettle;
  /** The use of the period that it ends. */
  rated: readonly RatedPeriod[];
}

/**
 * What a change will invoice and make of a subscription if it is made now: the preview shows it, the change does it.
 * @throws Refusal `invalid_state`, `plan_unavailable`, `rule_violated`.
 */
export async function planSubscriptionChange(
  context: Context,
  executor: Executor,
  subscription: Subscription,
  command: ChangeCommand,
): Promise<PlannedChange> {
  const { state } = subscription;
  const at = context.clocks.business();
  if (isEndless(state.terms) && command.when === 'period_end') throw endless();
  const { action } = command;
  if (action === 'add_on') return planAddOn(executor, subscription, command, at);
  const change = await changeOf(executor, subscription, { ...command, action }, at);
  const planned = planChange(state, change, at);
  if (!planned.allowed) throw refuse(planned, subscription, command);
  // What is owed is paid before anything goes on.
  if (command.action === 'resume' && subscription.overdueSince) {
    throw refuse({ allowed: false, reason: 'invalid_state' }, subscription, command);
  }
  const beginsAnew = isOtherPeriod(planned.next.period, state.period);
  const isOver = planned.next.status === 'expired';
  const endsPeriod = (beginsAnew || isOver) && planned.effect === 'now';
  const rating = endsPeriod ? await rateUntil(executor, subscription, at) : undefined;
  const isNow = planned.effect === 'now';
  const had = isNow
    ? await changeAddOns(executor, subscription, { next: planned.next, at })
    : { lines: [], addOns: subscription.addOns };
  const lines = [...planned.lines, ...had.lines, ...(rating?.lines ?? [])];
  const comesBack = beginsAnew && command.action === 'resume';
  const coupon = comesBack ? couponAfter(subscription.coupon, false) : subscription.coupon;
  return {
    kind: kindOf(command, change),
    effect: planned.effect,
    next: {
      ...subscription,
      coupon,
      state: planned.next,
      addOns: had.addOns,
      ...(isOver && { endedAt: at, isSuspended: false }),
    },
    rated: rating?.rated ?? [],
    settle: {
      lines,
      discounts: comesBack
        ? periodDiscounts(coupon)
        : changeDiscounts(coupon, {
            ...{ from: state.terms, to: planned.next.terms },
            ...{ timed: planned.lines, lines },
          }),
      period: {
        from: at < planned.next.period.to ? at : planned.next.period.from,
        to: planned.next.period.to,
      },
    },
  };
}

async function planAddOn(
  executor: Executor,
  subscription: Subscription,
  command: ChangeCommand,
  at: Date,
): Promise<PlannedChange> {
  const { state } = subscription;
  if (!after(state.status, 'change')) {
    throw refuse({ allowed: false, reason: 'invalid_state' }, subscription, command);
  }
  const { plan = '', quantity = 1 } = command;
  const planned = await setAddOn(executor, subscription, { plan, quantity, at });
  return {
    ...{ kind: 'change', effect: planned.effect, rated: [] },
    next: { ...subscription, addOns: planned.addOns },
    settle: {
      lines: planned.lines,
      discounts: changeDiscounts(subscription.coupon, {
        ...{ from: state.terms, to: state.terms },
        ...{ timed: [], lines: planned.lines },
      }),
      period: { from: at, to: state.period.to },
    },
  };
}

/** A period that ends early is rated to its end. */
async function rateUntil(
  executor: Executor,
  subscription: Subscription,
  at: Date,
): Promise<PeriodRating | undefined> {
  const { status, period } = subscription.state;
  const to = at > period.to ? period.to : at;
  if (status === 'incomplete' || status === 'trialing') return undefined;
  return to > period.from
    ? ratePeriod(executor, subscription, { from: period.from, to })
    : undefined;
}

async function changeOf(
  executor: Executor,
  subscription: Subscription,
  command: ChangeCommand & { action: Exclude<ChangeCommand['action'], 'add_on'> },
  at: Date,
): Promise<SubscriptionChange> {
  const { state } = subscription;
  switch (command.action) {
    case 'pause':
    case 'resume':
      return { kind: command.action };
    case 'cancel': {
      const used = await usedNow(executor, subscription, { terms: [state.terms], at });
      return {
        kind: 'cancel',
        when: command.when ?? usualWhen(subscription, 'period_end'),
        ...used,
      };
    }
    case 'change': {
      const to = await wantedTerms(executor, subscription, command);
      const used = await usedNow(executor, subscription, { terms: [state.terms, to], at });
      const when = command.when ?? usualWhen(subscription, undefined);
      return { kind: 'switch', to, ...used, ...(when && { when }) };
    }
  }
}

/** Within the period, and within the shorter windows of these terms. */
async function usedNow(
  executor: Executor,
  subscription: Subscription,
  { terms, at }: { terms: readonly SubscriptionTerms[]; at: Date },
): Promise<{ used: MeterAmount[]; open: OpenWindow[] }> {
  const windows = terms.flatMap((of) => of.windows);
  const [used, open] = await Promise.all([
    usedSince(executor, subscription, at),
    usedWithin(executor, subscription, { windows, at }),
  ]);
  return { used, open };
}

/** What was paid once has no end to wait for. */
function usualWhen<T>({ state }: Subscription, otherwise: T): 'now' | T {
  return isEndless(state.terms) ? 'now' : otherwise;
}

function endless(): Refusal {
  return new Refusal('rule_violated', 'What is paid once has no period: choose “now”.', {
    param: 'when',
  });
}

async function wantedTerms(
  executor: Executor,
  { organizationId, state }: Subscription,
  command: ChangeCommand,
): Promise<SubscriptionTerms> {
  const { terms } = state;
  const plan = await requireOnOffer(executor, command.plan ?? terms.planId, organizationId);
  const price = requirePrice(plan, {
    cycle: command.cycle ?? terms.cycle,
    currency: terms.currency,
  });
  const to = agreedTerms(plan, price, command.quantity ?? terms.quantity);
  const direction = directionOf(recurring(terms), recurring(to));
  const isOther = direction !== 'same' && direction !== command.only;
  if (command.only && isOther) {
    throw new Refusal(
      'rule_violated',
      direction === 'up'
        ? 'This costs more than what you have: upgrade instead.'
        : 'This costs less than what you have: downgrade instead.',
      { param: 'plan' },
    );
  }
  const isSame =
    to.planId === terms.planId &&
    to.version === terms.version &&
    to.quantity === terms.quantity &&
    isSameInterval(to, terms);
  if (isSame && !state.pending) {
    throw new Refusal(
      'rule_violated',
      'You have this already: choose another plan, cycle or number of seats.',
      {
        param: 'plan',
      },
    );
  }
  return to;
}

function recurring(terms: SubscriptionTerms) {
  return { amount: priceOf(terms), interval: terms.interval };
}

function kindOf(command: ChangeCommand, change: SubscriptionChange): SubscriptionEvent {
  if (change.kind === 'cancel') return change.when === 'now' ? 'cancel_now' : 'cancel_at_end';
  return command.action === 'change' ? 'change' : (command.action as 'pause' | 'resume');
}

function refuse(
  planned: Extract<ChangePlan, { allowed: false }>,
  { state, overdueSince }: Subscription,
  { action }: ChangeCommand,
): Refusal {
  if (planned.reason === 'wrong_currency') {
    return new Refusal('rule_violated', `Choose a price in ${state.terms.currency}.`, {
      param: 'plan',
    });
  }
  const advice = overdueSince ? 'pay what is overdue first' : 'see what its actions are';
  return new Refusal(
    'invalid_state',
    `A subscription that is ${state.status} takes no ${action}: ${advice}.`,
  );
}
