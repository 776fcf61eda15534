import { accessJobs } from '../domains/access/index.ts';
import { alertsJobs } from '../domains/alerts/index.ts';
import { auditJobs } from '../domains/audit/index.ts';
import { deliveryJobs } from '../domains/delivery/index.ts';
import { entitlementsJobs } from '../domains/entitlements/index.ts';
import { gatewayJobs } from '../domains/gateway/index.ts';
import { growthJobs } from '../domains/growth/index.ts';
import { identityJobs } from '../domains/identity/index.ts';
import { importsJobs } from '../domains/imports/index.ts';
import { invoicingJobs } from '../domains/invoicing/index.ts';
import { type Job, operationsJobs, type Resumable } from '../domains/jobs/index.ts';
import { ledgerJobs } from '../domains/ledger/index.ts';
import { callExports, meteringJobs, reratings } from '../domains/metering/index.ts';
import { noticesJobs } from '../domains/notices/index.ts';
import { paymentsJobs } from '../domains/payments/index.ts';
import { riskJobs } from '../domains/risk/index.ts';
import { readSetting } from '../domains/settings/index.ts';
import { billingRuns, subscriptionsJobs } from '../domains/subscriptions/index.ts';
import { webhooksJobs } from '../domains/webhooks/index.ts';
import type { Context } from '../platform/context.ts';
import { removeExpiredKeys } from '../platform/http/idempotency.ts';
import { preparePartitions } from './partitions.ts';

/** Operations that any process can take up again. */
export const resumables: readonly Resumable[] = [billingRuns, reratings, callExports];

/** What is left of the news waits for the next minute. */
const newsAtOnce = 1000;

/** Jobs of every domain; those on a schedule also run, in this order, after a sandbox's clock was moved: see `afterMove`. */
export const jobs: readonly Job[] = [
  {
    name: 'platform.prepare_partitions',
    cron: '5 0 * * *',
    run: (context) => preparePartitions(context, context.clocks.business()),
  },
  ...auditJobs((executor) => readSetting(executor, 'audit_retention_months')),
  ...ledgerJobs,
  ...invoicingJobs,
  ...subscriptionsJobs,
  ...paymentsJobs,
  ...accessJobs,
  ...entitlementsJobs,
  ...meteringJobs,
  ...alertsJobs,
  ...gatewayJobs,
  ...growthJobs,
  ...riskJobs,
  ...importsJobs,
  ...identityJobs,
  ...noticesJobs,
  ...webhooksJobs(),
  ...deliveryJobs(),
  ...operationsJobs(resumables),
  {
    name: 'platform.tell_news',
    cron: '* * * * *',
    run: (context) => context.events.tellNews(context, newsAtOnce).then(() => undefined),
  },
  {
    name: 'platform.remove_idempotency_keys',
    cron: '41 * * * *',
    afterMove: 'never',
    async run(context) {
      await removeExpiredKeys(context);
    },
  },
];

/** Everything on a schedule, once and in order: what a moved clock made due is done before the answer. */
export async function runScheduled(
  context: Context,
  { isLastStop }: { isLastStop: boolean },
): Promise<void> {
  for (const job of jobs) {
    if (job.cron === undefined || job.afterMove === 'never') continue;
    if (job.afterMove === 'once' && !isLastStop) continue;
    await job.run(context, {});
  }
}

/** When a job will find something to do, whichever is first. */
export async function nextDue(context: Context): Promise<Date | undefined> {
  const instants = await Promise.all(jobs.map((job) => job.nextDue?.(context)));
  return instants.reduce((first, due) => (due && (!first || due < first) ? due : first), undefined);
}
