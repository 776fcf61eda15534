import type { Job } from '../jobs/index.ts';
import { retireEvents } from './operations/retire-events.ts';

export const meteringJobs: readonly Job[] = [
  { name: 'metering.retire', cron: '23 3 * * *', run: (context) => retireEvents(context) },
];
