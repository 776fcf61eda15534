import { openDeployment } from '../../main.ts';
import { fail } from '../../platform/checks.ts';
import { pendingMigrations } from '../../platform/database/migrate.ts';
import { createLog } from '../../platform/log.ts';
import { checks as domainChecks } from '../../wiring/checks.ts';
import type { Command, CommandLine } from '../command.ts';
import { openCommandDatabase } from '../deployment.ts';
import { databaseChecks } from '../doctor/database-checks.ts';
import { examine, type NamedFinding, sayFinding, sum } from '../doctor/examine.ts';
import { safetyChecks } from '../doctor/safety-checks.ts';
import { surroundingsChecks } from '../doctor/surroundings-checks.ts';

const checks = [...surroundingsChecks, ...databaseChecks, ...safetyChecks, ...domainChecks];

export const doctor: Command = {
  async run(line) {
    const database = await openCommandDatabase(line.config, line.say);
    try {
      const findings = await look(line, database.url);
      for (const finding of findings) line.say(sayFinding(finding));
      return { ...sum(findings), details: { findings } };
    } finally {
      await database.stop();
    }
  },
};

/** It changes nothing: what a schema lacks is told, and everything behind it left alone. */
async function look({ config }: CommandLine, url: string): Promise<NamedFinding[]> {
  const pending = await pendingMigrations(config.databaseDirectUrl ?? url).catch(
    (error: Error & { code?: string }) => error,
  );
  if (pending instanceof Error) {
    const what = `The database cannot be asked: ${pending.message || pending.code}.`;
    const advice = 'Check DATABASE_URL, and that PostgreSQL runs; everything else waits for it.';
    return [{ check: 'database', ...fail(what, advice) }];
  }
  if (pending.length > 0) {
    const what = `The schema lacks ${pending.length} changes, the first of them "${pending[0]}".`;
    return [{ check: 'schema', ...fail(what, 'Run "sluice migrate", then ask again.') }];
  }
  const deployment = await openDeployment(config, url, createLog('warn', process.stderr), {
    preparesPartitions: false,
  });
  try {
    return await examine(deployment.context(), checks);
  } finally {
    await deployment.close();
  }
}
