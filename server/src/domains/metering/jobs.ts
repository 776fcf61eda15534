import { removeEndedQuotas } from '../entitlements/index.ts';
import type { Job } from '../jobs/index.ts';
import { retireEvents } from './operations/retire-events.ts';
import { deleteCounters } from './quotas-store.ts';

/** Ended quotas stay so long, with what was counted of them. */
const endedKeptMs = 90 * 86_400_000;

export const meteringJobs: readonly Job[] = [
  { name: 'metering.retire', cron: '23 3 * * *', run: (context) => retireEvents(context) },
  {
    name: 'metering.remove_ended_quotas',
    cron: '41 3 * * *',
    run: (context) =>
      removeEndedQuotas(
        context,
        new Date(context.clocks.business().getTime() - endedKeptMs),
        deleteCounters,
      ),
  },
];
