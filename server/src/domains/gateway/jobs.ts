/** Background work of the gateway. */
import { addDuration } from '../../platform/time.ts';
import type { Job } from '../jobs/index.ts';
import { rememberedMs } from './health-board.ts';
import { forgetAttempts, forgetHealth } from './pool-store.ts';
import { forgetServiceLevels } from './service-store.ts';

const attemptsKept = '-P90D';
const dayMs = 86_400_000;
/** By day they are shown for 90 days. */
const levelsKept = [
  { span: 'five_minutes', days: 2 },
  { span: 'hour', days: 35 },
  { span: 'day', days: 400 },
] as const;
const batch = 5000;

export const gatewayJobs: readonly Job[] = [
  {
    name: 'gateway.forget_attempts',
    cron: '17 4 * * *',
    afterMove: 'once',
    async run({ database, clocks }) {
      const before = addDuration(clocks.business(), attemptsKept);
      if (!before) return;
      for (let gone = batch; gone === batch; ) {
        gone = await forgetAttempts(database, { before, limit: batch });
      }
      await forgetHealth(database, new Date(clocks.wall().getTime() - rememberedMs));
    },
  },
  {
    name: 'gateway.forget_service_levels',
    cron: '27 4 * * *',
    afterMove: 'never',
    async run({ database, clocks }) {
      for (const { span, days } of levelsKept) {
        const before = new Date(clocks.wall().getTime() - days * dayMs);
        await forgetServiceLevels(database, { span, before });
      }
    },
  },
];
