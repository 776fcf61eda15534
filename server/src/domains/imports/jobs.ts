import type { Job } from '../jobs/index.ts';
import { compareWatched } from './operations/compare-watched.ts';

export const importsJobs: readonly Job[] = [
  {
    name: 'imports.compare_watched',
    cron: '20 2 * * *',
    afterMove: 'once',
    run: (context) => compareWatched(context),
  },
];
