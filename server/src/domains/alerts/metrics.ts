/** Where the figure of every metric comes from: stored rows, asked through the doors of their domains. */
import { type AlertMetric, alertMetrics } from '@sluice/contract/alert-rules';
import type { Context } from '../../platform/context.ts';
import { fromMinor } from '../../platform/money.ts';
import { readOutboxBacklog } from '../../platform/outbox.ts';
import { findVerification } from '../access/index.ts';
import { readMailBacklog } from '../delivery/index.ts';
import { listChannelStandings, listFailedRequests } from '../gateway/index.ts';
import { readJobsStanding } from '../jobs/index.ts';
import {
  countReceiptsOf,
  countUsedUpQuotas,
  measureRecentCalls,
  sumHours,
} from '../metering/index.ts';
import { countAttemptOutcomes, countWaitingNotifications, sumReceived } from '../payments/index.ts';
import { countCancellations } from '../subscriptions/index.ts';
import type { Reading } from './core/rule.ts';

export interface Window {
  from: Date;
  to: Date;
}

type Source = (context: Context, window: Window) => Promise<Reading | undefined>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Mails and news that wait for longer are late. */
const lateMs = 300_000;
/** Processes write every ten seconds how channels are doing. */
const freshMs = 60_000;
const failedRequestsMax = 20_000;

/** The window that ends now, or with the last whole hour. */
export function windowOf(
  { metric, windowMinutes }: { metric: AlertMetric; windowMinutes: number },
  now: Date,
  daysBefore = 0,
): Window {
  const isHours = alertMetrics[metric].grain === 'hour';
  const end = isHours ? Math.floor(now.getTime() / hourMs) * hourMs : now.getTime();
  const to = end - daysBefore * dayMs;
  return { from: new Date(to - windowMinutes * 60_000), to: new Date(to) };
}

/** Undefined where there was nothing to measure. */
export function readMetric(
  context: Context,
  metric: AlertMetric,
  window: Window,
): Promise<Reading | undefined> {
  return sources[metric](context, window);
}

const sources: Record<AlertMetric, Source> = {
  async payment_failure_rate({ database }, window) {
    const outcomes = await countAttemptOutcomes(database, window);
    const of = (status: string) =>
      outcomes.reduce((sum, row) => (row.status === status ? sum + row.attempts : sum), 0n);
    return share(of('failed'), of('failed') + of('succeeded'));
  },
  async payments_received({ database, config }, { from, to }) {
    const totals = await sumReceived(database, from, to);
    const own = totals.find(({ currency }) => currency === config.currency);
    if (!own) return { value: 0n, samples: 0n };
    const { minor, payments, currency } = own;
    return { value: fromMinor({ minor, currency }).amount, samples: payments };
  },
  async notifications_waiting({ database }) {
    const { waiting, dead } = await countWaitingNotifications(database);
    return countOf(waiting + dead);
  },
  quota_violations: async ({ database }, window) =>
    countOf(await countUsedUpQuotas(database, window)),
  cancellations: async ({ database }, window) =>
    countOf(await countCancellations(database, window)),
  async response_time_p95({ database }, window) {
    const { responseP95Ms, calls } = await measureRecentCalls(database, window);
    return responseP95Ms === null ? undefined : { value: BigInt(responseP95Ms), samples: calls };
  },
  async call_duration_p95({ database }, window) {
    const { durationP95Ms, calls } = await measureRecentCalls(database, window);
    return durationP95Ms === null ? undefined : { value: BigInt(durationP95Ms), samples: calls };
  },
  call_failure_rate: readFailureRate,
  async calls(context, window) {
    const { calls } = await hoursOf(context, window);
    return { value: calls, samples: calls };
  },
  async usage_revenue(context, window) {
    const { amount, calls } = await hoursOf(context, window);
    return { value: amount, samples: calls };
  },
  async shortfall(context, window) {
    const { shortfall, calls } = await hoursOf(context, window);
    return { value: shortfall, samples: calls };
  },
  async channels_unwell({ database, clocks }) {
    const since = new Date(clocks.wall().getTime() - freshMs);
    const channels = await listChannelStandings(database, since);
    const unwell = channels.filter(({ state }) => state !== null && state !== 'healthy');
    return { value: BigInt(unwell.length), samples: BigInt(channels.length) };
  },
  jobs_failing: async ({ database, clocks }) =>
    countOf((await readJobsStanding(database, clocks.wall())).failing),
  mails_waiting: async (context) =>
    countOf((await readMailBacklog(context.database, lateBefore(context))).late),
  news_waiting: async (context) =>
    countOf((await readOutboxBacklog(context.database, lateBefore(context))).late),
  async ledger_problems({ database }) {
    const found = await findVerification(database);
    return found && countOf(BigInt(found.problems));
  },
};

/** Calls that ended in an error of an upstream, and those that none of them served, of all. */
async function readFailureRate(
  { database }: Context,
  window: Window,
): Promise<Reading | undefined> {
  const { calls, failed, since } = await measureRecentCalls(database, window);
  const requests = await listFailedRequests(database, {
    ...{ from: since, to: window.to, limit: failedRequestsMax },
  });
  const unserved = BigInt(requests.length) - (await countReceiptsOf(database, requests));
  return share(failed + unserved, calls + unserved);
}

/** In hundredths of a percent, cut. */
function share(part: bigint, whole: bigint): Reading | undefined {
  return whole === 0n ? undefined : { value: (part * 10_000n) / whole, samples: whole };
}

function countOf(value: bigint): Reading {
  return { value, samples: value };
}

function hoursOf({ database, config }: Context, window: Window) {
  return sumHours(database, { ...window, currency: config.usageCurrency });
}

function lateBefore({ clocks }: Context): Date {
  return new Date(clocks.wall().getTime() - lateMs);
}
