import { verifyLedger } from '../../domains/access/index.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

export const ledgerVerify: Command = {
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const report = await verifyLedger(context());
      for (const problem of report.problems) line.say(problem);
      const checked = `${report.transfers} transfers of ${report.organizations} organizations`;
      return report.problems.length === 0
        ? {
            ok: true,
            sentence: `The ledger is clean: ${checked} agree with every balance.`,
            details: { ...report },
          }
        : {
            ok: false,
            sentence: `The ledger has ${report.problems.length} problems in ${checked}.`,
            details: { ...report },
          };
    }),
};
