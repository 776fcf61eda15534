import * as endpoints from '@sluice/contract/jobs';
import type { Routes } from '../../platform/http/routes.ts';
import { presentOperation } from './core/operation.ts';
import type { Job } from './job.ts';
import { isResumable, listOperations, listSchedules } from './operations/read-operations.ts';
import { runSchedule } from './operations/run-schedule.ts';
import { resumeOperation, stopOperation } from './operations/stop-operation.ts';
import type { Resumable } from './resumable.ts';

/** Serves what runs behind requests: operations that take long, and schedules. */
export function registerJobs(
  routes: Routes,
  { jobs, resumables }: { jobs: readonly Job[]; resumables: readonly Resumable[] },
): void {
  routes.serve(endpoints.listOperations, ({ context, query }) =>
    listOperations(context, query, resumables),
  );
  routes.serve(endpoints.stopOperation, async ({ context, params }) => {
    const operation = await stopOperation(context, params.id);
    return presentOperation(operation, context.clocks.wall(), isResumable(operation, resumables));
  });
  routes.serve(endpoints.resumeOperation, async ({ context, params }) => {
    const operation = await resumeOperation(context, params.id, resumables);
    return presentOperation(operation, context.clocks.wall(), true);
  });
  routes.serve(endpoints.listSchedules, ({ context }) => listSchedules(context, jobs));
  routes.serve(endpoints.runSchedule, ({ context, params }) =>
    runSchedule(context, params.id, jobs),
  );
}
