import { archiveAudit, retentionMonthsMin } from '../../domains/audit/index.ts';
import { readSetting } from '../../domains/settings/index.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

export const auditArchive: Command = {
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const retentionMonths =
        readMonths(line.options.months) ??
        (await readSetting(context().database, 'audit_retention_months'));
      if (retentionMonths === null) {
        return {
          ok: false,
          sentence:
            'The audit log is kept for good: set audit_retention_months, or pass --months N.',
        };
      }
      if (!(retentionMonths >= retentionMonthsMin)) {
        return {
          ok: false,
          sentence: `At least ${retentionMonthsMin} whole months stay in the database.`,
        };
      }
      const archived = await archiveAudit(context(), { retentionMonths });
      for (const { month, entries, file } of archived)
        line.say(`  ${month}  ${entries} entries  ${file}`);
      const sentence =
        archived.length === 0
          ? `No month is older than ${retentionMonths} months.`
          : `Archived ${archived.length} months to ${line.config.auditDir}.`;
      return { ok: true, sentence, details: { archived, folder: line.config.auditDir } };
    }),
};

/** Undefined where none was passed; not a number where it is none. */
function readMonths(option: string | boolean | undefined): number | undefined {
  if (typeof option !== 'string') return undefined;
  return /^\d{1,4}$/.test(option) ? Number(option) : Number.NaN;
}
