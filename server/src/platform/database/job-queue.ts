/** The tables of the job library, which migrates itself; they must exist before a transaction puts a job into them. */
import { Logger, runMigrations } from 'graphile-worker';

export async function migrateJobQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, maxPoolSize: 1, logger: quiet });
}

const quiet = new Logger(() => () => undefined);
