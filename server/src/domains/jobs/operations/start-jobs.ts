/** Runs jobs from the queue in PostgreSQL; every process takes part, and each job runs in one of them. */
import { EventEmitter } from 'node:events';
import {
  type JobHelpers,
  Logger,
  type ParsedCronItem,
  parseCronItems,
  type Runner,
  run,
  runOnce,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { type Platform, systemContext } from '../../../platform/context.ts';
import { type DrainingPool, openDrainingPool } from '../../../platform/database/draining-pool.ts';
import type { Log } from '../../../platform/log.ts';
import { cronAttemptsMax, type Job, scheduleKey } from '../job.ts';
import { runAlone } from '../store.ts';
import { noteSchedule } from './note-schedule.ts';

export interface JobsOptions {
  /** A direct connection: the workers listen for new jobs. */
  url: string;
  /** Jobs at once in this process. */
  concurrency?: number;
}

const concurrencyDefault = 3;
const pollMs = 2000;
const restartMs = 1000;

/** Starts to work; `stop` takes no new job and waits for those that run. */
export async function startJobs(
  platform: Platform,
  jobs: readonly Job[],
  options: JobsOptions,
): Promise<{ stop(): Promise<void> }> {
  const { log } = platform;
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const concurrency = options.concurrency ?? concurrencyDefault;
  // A scheduled job keeps a connection while it runs, see `runAlone`.
  const pool = openJobsPool(platform, { url: options.url, max: concurrency * 2 + 2 });
  const start = () => startRunner(platform, jobs, { pool, concurrency });
  let runner = await start();
  watch();

  // The library bears a database that is away, but not everything that can happen then: it may end, and is started anew.
  function watch(): void {
    const ended = (error?: unknown) => {
      if (isStopping) return;
      log.error({ err: error }, 'jobs stopped by themselves; they are started again');
      restartLater();
    };
    runner.promise.then(() => ended(), ended);
  }
  function restartLater(): void {
    timer = setTimeout(() => {
      start().then(restarted, (error) => {
        if (isStopping) return;
        log.error({ err: error }, 'jobs could not be started; they are tried again');
        restartLater();
      });
    }, restartMs);
  }
  function restarted(next: Runner): void {
    runner = next;
    if (isStopping) void runner.stop();
    else watch();
  }
  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      // A runner that has ended refuses to be stopped.
      await runner.stop().catch(() => undefined);
      await pool.close();
    },
  };
}

async function startRunner(
  platform: Platform,
  jobs: readonly Job[],
  { pool, concurrency }: { pool: DrainingPool; concurrency: number },
): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter();
  const runner = await run({
    pgPool: pool.connections,
    concurrency,
    pollInterval: pollMs,
    noHandleSignals: true,
    logger: loggerOf(platform.log),
    taskList: tasksOf(platform, jobs),
    parsedCronItems: cronItemsOf(jobs),
    events,
  });
  endWhereNothingIsEverFound(runner, events);
  try {
    await wakeScheduled(runner.addJob, jobs);
  } catch (error) {
    await runner.stop().catch(() => undefined);
    throw error;
  }
  return runner;
}

/**
 * The library asks once which jobs it knows, and keeps that answer even where it is an error: such a runner would look
 * for jobs for ever and find none. It ends instead, and is started anew.
 */
function endWhereNothingIsEverFound(runner: Runner, events: WorkerEvents): void {
  const look = { succeeded: false };
  const succeed = () => {
    look.succeeded = true;
  };
  events.once('job:start', succeed);
  events.once('worker:getJob:empty', succeed);
  events.once('worker:getJob:error', () => {
    if (!look.succeeded) runner.stop().catch(() => undefined);
  });
}

/** Runs every job that is due, in this process, until none is left; for tests and the command line. */
export async function runJobsOnce(
  platform: Platform,
  jobs: readonly Job[],
  options: JobsOptions,
): Promise<void> {
  const failures: unknown[] = [];
  const pool = openJobsPool(platform, { url: options.url, max: 4 });
  try {
    await runOnce({
      pgPool: pool.connections,
      concurrency: options.concurrency ?? 1,
      noHandleSignals: true,
      logger: loggerOf(platform.log),
      taskList: tasksOf(platform, jobs, (error) => failures.push(error)),
    });
  } finally {
    await pool.close();
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some of the jobs failed.');
}

function tasksOf(
  platform: Platform,
  jobs: readonly Job[],
  onFailure?: (error: unknown) => void,
): TaskList {
  const task = (job: Job) => async (payload: unknown, details: JobHelpers) => {
    const context = systemContext(platform, `job_${details.job.id}`);
    const work = () => job.run(context, payload);
    try {
      if (job.cron === undefined) await work();
      else {
        const noted = () => noteSchedule(context, job.name, work);
        await details.withPgClient((client) => runAlone(client, scheduleKey(job.name), noted));
      }
    } catch (error) {
      platform.log.error({ err: error, job: job.name }, 'a job failed; it will be tried again');
      onFailure?.(error);
      throw error;
    }
  };
  return Object.fromEntries(jobs.map((job) => [job.name, task(job)]));
}

/**
 * A scheduled job waits at most once: one that fails piles nothing up. It has a key but no queue of the library's, for
 * the queue of a process that was killed would stay locked for hours.
 */
function cronItemsOf(jobs: readonly Job[]): ParsedCronItem[] {
  return parseCronItems(
    jobs.flatMap((job) => {
      if (job.cron === undefined) return [];
      const options = {
        backfillPeriod: 0,
        jobKey: scheduleKey(job.name),
        maxAttempts: cronAttemptsMax,
      };
      return [{ task: job.name, match: job.cron, options }];
    }),
  );
}

/** What became due while no process ran is done at the start, not at the next full hour. */
async function wakeScheduled(
  addJob: (name: string, payload: unknown, spec: object) => Promise<unknown>,
  jobs: readonly Job[],
): Promise<void> {
  for (const job of jobs.filter(({ cron }) => cron !== undefined)) {
    await addJob(job.name, {}, { jobKey: scheduleKey(job.name), maxAttempts: cronAttemptsMax });
  }
}

function openJobsPool({ log }: Platform, { url, max }: { url: string; max: number }): DrainingPool {
  return openDrainingPool({
    url,
    max,
    applicationName: 'sluice jobs',
    onConnectionError: (error) => log.warn({ err: error }, 'a connection of the jobs broke'),
  });
}

/** The library's own words: its successes are noise, and a failed job was logged with its error already. */
function loggerOf(log: Log | undefined): Logger {
  return new Logger(({ jobId, taskIdentifier }) => (level, message) => {
    if (level === 'debug' || level === 'info') return;
    if (jobId !== undefined) return;
    log?.[level === 'error' ? 'error' : 'warn']({ job: taskIdentifier }, message);
  });
}
