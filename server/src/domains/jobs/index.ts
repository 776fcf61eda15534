/** The door of jobs: work that runs behind the request, once in a cluster. */

export { jobsChecks } from './checks.ts';
export { registerJobs } from './http.ts';
export type { Job } from './job.ts';
export { operationsJobs } from './jobs.ts';
export { type JobsWatch, registerJobsMetrics, watchJobs } from './metrics.ts';
export { type EnqueueOptions, enqueueJob } from './operations/enqueue-job.ts';
export {
  findOperationShown,
  findOperationsOf,
  listOperations,
  type ShownOperation,
} from './operations/read-operations.ts';
export {
  type BegunOperation,
  type RunningOperation,
  runOperation,
} from './operations/run-operation.ts';
export { type JobsOptions, runJobsOnce, startJobs } from './operations/start-jobs.ts';
export { resumeOperation, stopOperation } from './operations/stop-operation.ts';
export { isHeldBack, takeUpGone, takeUpOperation } from './operations/take-up-operation.ts';
export type { Resumable } from './resumable.ts';
export { readJobsStanding } from './watch-store.ts';
