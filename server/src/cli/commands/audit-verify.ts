import { verifyAudit } from '../../domains/audit/index.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

export const auditVerify: Command = {
  summary: 'Proves that no row of the audit log was changed or removed.',
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const report = await verifyAudit(context());
      for (const problem of report.problems) line.say(JSON.stringify(problem));
      const checked = `${report.entries} entries in ${report.chains} chains`;
      return report.problems.length === 0
        ? { ok: true, sentence: `The audit log is whole: ${checked}.`, details: { ...report } }
        : {
            ok: false,
            sentence: `The audit log was touched: ${report.problems.length} problems in ${checked}.`,
            details: { ...report },
          };
    }),
};
