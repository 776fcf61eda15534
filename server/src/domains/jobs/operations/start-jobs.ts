/** Runs jobs from the queue in PostgreSQL; every process takes part, and each job runs in one of them. */
import {
  Logger,
  type ParsedCronItem,
  parseCronItems,
  run,
  runOnce,
  type TaskList,
} from 'graphile-worker';
import { type Platform, systemContext } from '../../../platform/context.ts';
import type { Log } from '../../../platform/log.ts';
import type { Job } from '../job.ts';

export interface JobsOptions {
  /** A direct connection: the workers listen for new jobs. */
  url: string;
  /** Jobs at once in this process. */
  concurrency?: number;
}

const concurrencyDefault = 4;
const pollMs = 2000;
const cronAttemptsMax = 5;

/** Starts to work; `stop` takes no new job and waits for those that run. */
export async function startJobs(
  platform: Platform,
  jobs: readonly Job[],
  options: JobsOptions,
): Promise<{ stop(): Promise<void> }> {
  const concurrency = options.concurrency ?? concurrencyDefault;
  const runner = await run({
    connectionString: options.url,
    maxPoolSize: concurrency + 2,
    concurrency,
    pollInterval: pollMs,
    noHandleSignals: true,
    logger: loggerOf(platform.log),
    taskList: tasksOf(platform, jobs),
    parsedCronItems: cronItemsOf(jobs),
  });
  // The runner's promise settles when it stops; a failure is logged by the runner itself.
  runner.promise.catch(() => undefined);
  await wakeScheduled(runner.addJob, jobs);
  return { stop: () => runner.stop() };
}

/** Runs every job that is due, in this process, until none is left; for tests and the command line. */
export async function runJobsOnce(
  platform: Platform,
  jobs: readonly Job[],
  options: JobsOptions,
): Promise<void> {
  const failures: unknown[] = [];
  await runOnce({
    connectionString: options.url,
    maxPoolSize: 3,
    concurrency: options.concurrency ?? 1,
    noHandleSignals: true,
    logger: loggerOf(platform.log),
    taskList: tasksOf(platform, jobs, (error) => failures.push(error)),
  });
  if (failures.length > 0) throw new AggregateError(failures, 'Some of the jobs failed.');
}

function tasksOf(
  platform: Platform,
  jobs: readonly Job[],
  onFailure?: (error: unknown) => void,
): TaskList {
  const task = (job: Job) => async (payload: unknown, details: { job: { id: string } }) => {
    const context = systemContext(platform, `job_${details.job.id}`);
    try {
      await job.run(context, payload);
    } catch (error) {
      platform.log.error({ err: error, job: job.name }, 'a job failed; it will be tried again');
      onFailure?.(error);
      throw error;
    }
  };
  return Object.fromEntries(jobs.map((job) => [job.name, task(job)]));
}

/**
 * A scheduled job waits at most once (its key) and never runs beside itself (its queue): one that is slow or fails
 * piles nothing up.
 */
function cronItemsOf(jobs: readonly Job[]): ParsedCronItem[] {
  return parseCronItems(
    jobs.flatMap((job) =>
      job.cron === undefined
        ? []
        : [
            {
              task: job.name,
              match: job.cron,
              options: {
                backfillPeriod: 0,
                jobKey: scheduleKey(job),
                queueName: scheduleKey(job),
                maxAttempts: cronAttemptsMax,
              },
            },
          ],
    ),
  );
}

/** What became due while no process ran is done at the start, not at the next full hour. */
async function wakeScheduled(
  addJob: (name: string, payload: unknown, spec: object) => Promise<unknown>,
  jobs: readonly Job[],
): Promise<void> {
  for (const job of jobs.filter(({ cron }) => cron !== undefined)) {
    const key = scheduleKey(job);
    const spec = { jobKey: key, queueName: key, maxAttempts: cronAttemptsMax };
    await addJob(job.name, {}, spec);
  }
}

function scheduleKey(job: Job): string {
  return `scheduled:${job.name}`;
}

/** The library's own words: its successes are noise, and a failed job was logged with its error already. */
function loggerOf(log: Log | undefined): Logger {
  return new Logger(({ jobId, taskIdentifier }) => (level, message) => {
    if (level === 'debug' || level === 'info') return;
    if (jobId !== undefined) return;
    log?.[level === 'error' ? 'error' : 'warn']({ job: taskIdentifier }, message);
  });
}
