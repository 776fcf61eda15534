import type { Context } from '../../platform/context.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { anchorAudit } from './operations/anchor-audit.ts';
import { archiveAudit } from './operations/archive-audit.ts';

/** `retentionMonths` reads for how long months stay in the database; null: for good. */
export function auditJobs(retentionMonths: (executor: Executor) => Promise<number | null>) {
  return [
    {
      name: 'audit.anchor',
      cron: '29 * * * *',
      async run(context: Context): Promise<void> {
        await anchorAudit(context);
      },
    },
    {
      name: 'audit.archive',
      cron: '47 3 * * *',
      afterMove: 'once' as const,
      async run(context: Context): Promise<void> {
        const months = await retentionMonths(context.database);
        if (months !== null) await archiveAudit(context, { retentionMonths: months });
      },
    },
  ];
}
