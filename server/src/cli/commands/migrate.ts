import { migrate } from '../../platform/database/migrate.ts';
import type { Command } from '../command.ts';
import { openCommandDatabase } from '../deployment.ts';

export const migrateCommand: Command = {
  async run({ config, say }) {
    const database = await openCommandDatabase(config, say);
    try {
      const applied = await migrate({ url: config.databaseDirectUrl ?? database.url, log: say });
      const sentence =
        applied.length === 0
          ? 'The database schema is up to date.'
          : `Applied ${applied.length} migrations; the database schema is up to date.`;
      return { ok: true, sentence, details: { applied } };
    } finally {
      await database.stop();
    }
  },
};
