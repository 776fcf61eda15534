/** The door of jobs: work that runs behind the request, once in a cluster. */

export type { Job } from './job.ts';
export { type EnqueueOptions, enqueueJob } from './operations/enqueue-job.ts';
export { type JobsOptions, runJobsOnce, startJobs } from './operations/start-jobs.ts';
