import { type Problem, verifyAudit, verifyAuditFile } from '../../domains/audit/index.ts';
import { createSealer } from '../../platform/crypto.ts';
import { secretKeyOf } from '../../platform/secret-key.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

export const auditVerify: Command = {
  run: (line) => {
    const [file] = line.rest;
    return file === undefined ? verifyLog(line) : verifyFile(line, file);
  },
};

/** The database with its archives and anchors, in the folder of the settings or in `--archive DIR`. */
function verifyLog(line: CommandLine): Promise<Outcome> {
  const { archive } = line.options;
  const outside = typeof archive === 'string' ? archive : line.config.auditDir;
  return withDeployment(line, async ({ context }) => {
    const report = await verifyAudit(context(), { outside });
    const checked = [
      `${report.entries} entries in ${report.chains} chains`,
      ...(report.months > 0 ? [`${report.months} archived months`] : []),
      ...(report.anchors > 0 ? [`${report.anchors} anchors`] : []),
    ].join(', ');
    return outcomeOf(line, 'The audit log', checked, report);
  });
}

/**
 * Without the database: what was exported may be verified anywhere where the secret is. The log is sealed with what was
 * derived from the deployment's first key, which may be one of those beside today's.
 */
async function verifyFile(line: CommandLine, file: string): Promise<Outcome> {
  let report = await verifyUnder(secretKeyOf(line.config), file);
  for (const key of line.config.secretKeysBeside) {
    if (report.problems.length === 0) break;
    const other = await verifyUnder(key, file);
    if (other.problems.length < report.problems.length) report = other;
  }
  const kind = report.whole ? 'whole chains' : 'a selection, each entry by itself';
  const checked = `${report.entries} entries in ${report.chains} chains (${kind})`;
  return outcomeOf(line, 'The export', checked, report);
}

function verifyUnder(root: string, file: string) {
  return verifyAuditFile({ sealer: createSealer(root) }, file);
}

function outcomeOf(
  line: CommandLine,
  what: string,
  checked: string,
  report: { problems: Problem[] },
): Outcome {
  const problems = report.problems.map((problem) => ({
    ...problem,
    position: problem.position === null ? null : Number(problem.position),
  }));
  for (const problem of problems) line.say(JSON.stringify(problem));
  const details = { ...report, problems };
  return problems.length === 0
    ? { ok: true, sentence: `${what} is whole: ${checked}.`, details }
    : {
        ok: false,
        sentence: `${what} was touched: ${problems.length} problems in ${checked}.`,
        details,
      };
}
