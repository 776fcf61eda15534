import { verifyAudit } from '../../domains/audit/index.ts';
import { hasAdmin } from '../../domains/identity/index.ts';
import { pendingMigrations } from '../../platform/database/migrate.ts';
import { probeRedis } from '../../platform/redis.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

interface Finding {
  what: string;
  ok: boolean;
  advice: string;
}

export const doctor: Command = {
  summary: 'Looks at the settings and the database, and says what to mend.',
  run: (line) =>
    withDeployment(line, async ({ context, directUrl }) => {
      const { config, database } = context();
      const findings: Finding[] = [
        {
          what: 'The schema is up to date',
          ok: (await pendingMigrations(directUrl)).length === 0,
          advice: 'Run "sluice migrate".',
        },
        {
          what: 'There is an operator',
          ok: await hasAdmin(database),
          advice: 'Run "sluice create-admin --email …".',
        },
        {
          what: 'The audit log is whole',
          ok: (await verifyAudit(context())).problems.length === 0,
          advice: 'Run "sluice audit verify".',
        },
        {
          what: 'Mail can leave',
          ok: config.mode === 'sandbox' || config.smtpUrl !== undefined,
          advice: 'Set SMTP_URL.',
        },
        {
          what: 'Browsers reach us by HTTPS',
          ok: config.mode === 'sandbox' || config.publicUrl.startsWith('https:'),
          advice: 'Set SLUICE_PUBLIC_URL to an https address.',
        },
        {
          what: config.redisUrl === undefined ? 'No Redis is needed' : 'Redis answers',
          ok: config.redisUrl === undefined || (await probeRedis(config.redisUrl)),
          advice:
            'Start it, or mend REDIS_URL: until then each process keeps its share of the rates.',
        },
      ];
      for (const { what, ok, advice } of findings)
        line.say(ok ? `  well   ${what}.` : `  mend   ${what}: not so. ${advice}`);
      const ill = findings.filter(({ ok }) => !ok);
      const sentence =
        ill.length === 0
          ? 'All is well.'
          : `${ill.length} of ${findings.length} things want mending.`;
      return { ok: ill.length === 0, sentence, details: { findings } };
    }),
};
