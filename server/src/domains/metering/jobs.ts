import { removeEndedQuotas } from '../entitlements/index.ts';
import type { Job } from '../jobs/index.ts';
import { deleteOldExports } from './exports-store.ts';
import { exportsKeptMs, makeJobName } from './operations/keep-exports.ts';
import { keepMargins } from './operations/keep-margins.ts';
import { beginExport, makeLeftExports } from './operations/make-export.ts';
import { retireEvents } from './operations/retire-events.ts';
import { deleteCounters, deleteViolations } from './quotas-store.ts';

/** Ended quotas stay so long, with what was counted of them. */
const endedKeptMs = 90 * 86_400_000;
/** A quota by the minute may be passed a thousand times a day. */
const violationsKeptMs = 400 * 86_400_000;
const batch = 5000;

export const meteringJobs: readonly Job[] = [
  {
    name: makeJobName,
    run: (context, payload) => beginExport(context, (payload as { id: string }).id),
  },
  {
    name: 'metering.make_left_exports',
    cron: '* * * * *',
    afterMove: 'never',
    run: makeLeftExports,
  },
  {
    name: 'metering.remove_call_exports',
    cron: '49 3 * * *',
    afterMove: 'never',
    run: ({ database, clocks }) =>
      deleteOldExports(database, new Date(clocks.wall().getTime() - exportsKeptMs)),
  },
  {
    name: 'metering.keep_margins',
    cron: '19 * * * *',
    afterMove: 'once',
    async run(context) {
      await keepMargins(context);
    },
  },
  {
    name: 'metering.retire',
    cron: '23 3 * * *',
    afterMove: 'once',
    run: (context) => retireEvents(context),
  },
  {
    name: 'metering.remove_ended_quotas',
    cron: '41 3 * * *',
    afterMove: 'once',
    run: (context) =>
      removeEndedQuotas(
        context,
        new Date(context.clocks.business().getTime() - endedKeptMs),
        deleteCounters,
      ),
  },
  {
    name: 'metering.forget_violations',
    cron: '43 3 * * *',
    async run({ database, clocks }) {
      const before = new Date(clocks.business().getTime() - violationsKeptMs);
      while ((await deleteViolations(database, { before, limit: batch })) === batch);
    },
  },
];
