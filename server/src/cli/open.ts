/** Opens what a command works with, and closes it whatever happens. */
import { type Deployment, openDeployment } from '../main.ts';
import { migrate } from '../platform/database/migrate.ts';
import { createLog } from '../platform/log.ts';
import type { CommandLine } from './command.ts';
import { openCommandDatabase } from './deployment.ts';

/** Runs `work` on a migrated deployment; only warnings of its own reach the log. */
export async function withDeployment<T>(
  { config, say }: CommandLine,
  work: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const database = await openCommandDatabase(config, say);
  try {
    await migrate({ url: config.databaseDirectUrl ?? database.url, log: say });
    const deployment = await openDeployment(
      config,
      database.url,
      createLog('warn', process.stderr),
    );
    try {
      return await work(deployment);
    } finally {
      await deployment.close();
    }
  } finally {
    await database.stop();
  }
}
