import { addDuration } from '../../platform/time.ts';
import type { Job } from './job.ts';
import { resumeJob } from './operations/stop-operation.ts';
import { takeUpOperation } from './operations/take-up-operation.ts';
import { forgetOperations } from './operations-store.ts';
import type { Resumable } from './resumable.ts';

/** For so long it is told what was done. */
const doneKept = '-P30D';

/** Background work about operations; each is taken up by the domain that offers its kind. */
export function operationsJobs(resumables: readonly Resumable[]): readonly Job[] {
  return [
    {
      name: resumeJob,
      async run(context, payload) {
        const { id } = payload as { id: string };
        await takeUpOperation(context, id, resumables);
      },
    },
    {
      name: 'jobs.forget_operations',
      cron: '37 4 * * *',
      afterMove: 'never',
      async run({ database, clocks }) {
        const before = addDuration(clocks.wall(), doneKept);
        if (before) await forgetOperations(database, before);
      },
    },
  ];
}
