import { type Check, count, type Finding, fail, lasting, ok, warn } from '../../platform/checks.ts';
import { listScheduleRows } from './schedules-store.ts';
import { listFailingJobs, readJobsStanding } from './watch-store.ts';

const failingMax = 5;
/** A schedule that failed so often in a row will not mend itself. */
const failuresMax = 3;

export const jobsChecks: readonly Check[] = [
  {
    name: 'jobs',
    async run({ database, clocks }) {
      const { late, oldestDue } = await readJobsStanding(database, clocks.wall());
      const findings: Finding[] = [];
      if (late > 0n && oldestDue) {
        const waited = lasting(clocks.wall().getTime() - oldestDue.getTime());
        const advice = 'Start a server: nobody works on them. If one runs, it has too much to do.';
        findings.push(warn(`${count(late, 'job')} wait, the oldest for ${waited}.`, advice));
      }
      for (const { name, failures, error } of await listScheduleRows(database)) {
        if (failures === 0) continue;
        const what = `"${name}" failed ${count(failures, 'time')} in a row: ${error}`;
        const advice = `See the log for "${name}"; it is tried again by itself.`;
        findings.push(failures > failuresMax ? fail(what, advice) : warn(what, advice));
      }
      const known = new Set(findings.map(({ what }) => what.split('"')[1]));
      for (const { name, attempts, error } of await listFailingJobs(database, failingMax)) {
        if (known.has(name)) continue;
        const what = `"${name}" failed ${count(attempts, 'time')}: ${error}`;
        findings.push(warn(what, `See the log for "${name}"; it is tried again by itself.`));
      }
      return findings.length === 0 ? [ok('Jobs run.')] : findings;
    },
  },
];
