import type { Job } from '../jobs/index.ts';
import { compareWatched } from './operations/compare-watched.ts';

export const importsJobs: readonly Job[] = [
  {
    name: 'imports.compare_watched',
    cron: '20 2 * * *',
    onceAfterMove: true,
    run: (context) => compareWatched(context),
  },
];
