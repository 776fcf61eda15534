/** What is used by now, as a change must not take it back. */
import type { Executor } from '../../../platform/database/pool.ts';
import { addDays, addIntervals, dayOf, startOfDay, startOfMonth } from '../../../platform/time.ts';
import { usageInPeriod } from '../../metering/index.ts';
import type { OpenWindow } from '../core/open-windows.ts';
import { type Period, periodAt } from '../core/period.ts';
import type { Subscription } from '../core/record.ts';
import type { MeterAmount, SubscriptionState, WindowAmount } from '../core/subscription.ts';

/** What was used of the meters that the price pays for, in their units, since the period began and at this very instant. */
export async function usedSince(
  executor: Executor,
  { organizationId, state }: Subscription,
  at: Date,
): Promise<MeterAmount[]> {
  const { from } = state.period;
  if (at < from) return [];
  const to = new Date(at.getTime() + 1);
  return Promise.all(
    state.terms.included.map(async ({ meterId }) => ({
      meterId,
      amount: (await usageInPeriod(executor, { organizationId, meterId, from, to })).quantity,
    })),
  );
}

/** What was used within windows of quotas that are shorter than the period, each where it runs now. */
export async function usedWithin(
  executor: Executor,
  { organizationId, state }: Subscription,
  { windows, at }: { windows: readonly WindowAmount[]; at: Date },
): Promise<OpenWindow[]> {
  if (at >= state.period.to) return [];
  const byName = new Map(windows.map((of) => [`${of.meterId} ${of.window}`, of]));
  return Promise.all(
    [...byName.values()].map(async ({ meterId, window, anchor }) => {
      const { from, to } = windowAt(state, { window, anchor }, at);
      const ask = { organizationId, meterId, from, to: new Date(at.getTime() + 1) };
      return {
        ...{ meterId, window, from },
        to: new Date(Math.min(to.getTime(), state.period.to.getTime())),
        lengthMs: to.getTime() - from.getTime(),
        used: (await usageInPeriod(executor, ask)).quantity,
      };
    }),
  );
}

/** As calls count it. */
function windowAt(
  { anchorAt, timeZone }: SubscriptionState,
  { window, anchor }: Pick<WindowAmount, 'window' | 'anchor'>,
  at: Date,
): Period {
  const interval = { unit: window, count: 1 } as const;
  if (anchor === 'subscription') return periodAt({ anchor: anchorAt, interval, timeZone }, at);
  if (window === 'day') {
    const from = startOfDay(at, timeZone);
    return { from, to: addDays(from, 1, timeZone) };
  }
  const months = window === 'year' ? -monthOf(at, timeZone) : 0;
  const from = startOfMonth(at, timeZone, months);
  return { from, to: addIntervals(from, interval, 1, timeZone) };
}

/** From 0. */
function monthOf(at: Date, timeZone: string): number {
  return Number(dayOf(at, timeZone).slice(5, 7)) - 1;
}
