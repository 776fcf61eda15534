import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { cronAttemptsMax, type Job, scheduleKey } from '../job.ts';
import { enqueueJob } from './enqueue-job.ts';

/**
 * Has a schedule's work done now rather than at its next turn. Every one of them also runs at each start of a process and
 * asks what is due, so that a turn more does nothing twice.
 * @throws Refusal `not_found`.
 */
export async function runSchedule(
  context: Context,
  name: string,
  jobs: readonly Job[],
): Promise<void> {
  const job = jobs.find((one) => one.name === name && one.cron !== undefined);
  if (!job) throw notFound('schedule');
  await inTransaction(context, async (transaction) => {
    const options = { key: scheduleKey(name), attemptsMax: cronAttemptsMax };
    await enqueueJob(transaction, name, {}, options);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'schedule.run',
      resource: { kind: 'schedule', id: name },
      newValues: {},
    });
  });
}
