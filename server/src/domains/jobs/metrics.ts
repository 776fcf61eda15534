/** What a scrape learns of jobs: of the queue by the database, of what ran by this process. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from '../../platform/metrics.ts';
import type { Job } from './job.ts';
import { readJobsStanding } from './watch-store.ts';

/** Hears of every job that ended. */
export interface JobsWatch {
  ended(job: string, seconds: number, failed: boolean): void;
}

export function registerJobsMetrics(registry: Registry, { database, clocks }: Platform): JobsWatch {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'sluice_job_seconds',
    help: 'Time that jobs took in this process.',
    labelNames: ['job'],
    buckets: [0.01, 0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  const failures = new Counter({
    name: 'sluice_job_failures_total',
    help: 'Jobs that failed in this process; they are tried again.',
    labelNames: ['job'],
    registers,
  });
  const standing = shareReading(() => readJobsStanding(database, clocks.wall()));
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_jobs',
      help: 'Jobs in the queue: waiting, late by more than a minute, or having failed.',
      labelNames: ['state'],
    },
    async () => {
      const { waiting, late, failing } = await standing();
      return [
        { labels: { state: 'waiting' }, value: Number(waiting) },
        { labels: { state: 'late' }, value: Number(late) },
        { labels: { state: 'failing' }, value: Number(failing) },
      ];
    },
  );
  registerDatabaseGauge(
    registry,
    { name: 'sluice_jobs_lag_seconds', help: 'How long the job has been due that waits longest.' },
    async () => [{ value: secondsSince(clocks.wall(), (await standing()).oldestDue) }],
  );
  return {
    ended(job, took, failed) {
      seconds.observe({ job }, took);
      if (failed) failures.inc({ job });
    },
  };
}

/** The same jobs, of which somebody hears when they end. */
export function watchJobs(jobs: readonly Job[], watch: JobsWatch): Job[] {
  return jobs.map((job) => ({
    ...job,
    async run(context, payload) {
      const startedMs = performance.now();
      let failed = true;
      try {
        await job.run(context, payload);
        failed = false;
      } finally {
        watch.ended(job.name, (performance.now() - startedMs) / 1000, failed);
      }
    },
  }));
}
