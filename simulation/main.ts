/**
 * `npm run simulate -- --seed N [--organizations 500] [--months 12]`: a year in the life of a deployment, drawn by chance
 * from one seed. Ends with what happened by month, what it came to, and everything that must not be; exit code 1 where
 * there is any.
 */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../server/src/platform/database/embedded.ts';
import { migrate } from '../server/src/platform/database/migrate.ts';
import { type Scale, simulate } from './simulate.ts';
import { summaryOf } from './summary.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    organizations: { type: 'string', default: '500' },
    months: { type: 'string', default: '12' },
  },
});
const scale: Scale = {
  seed: Number(values.seed),
  organizations: Number(values.organizations),
  months: Number(values.months),
};
if (!Object.values(scale).every((figure) => Number.isSafeInteger(figure) && figure >= 0)) {
  throw new Error('Give the seed, the organizations and the months as whole numbers.');
}

const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-simulation-'));
chmodSync(dataDir, 0o711);
// The data live for minutes; nothing is to survive a crash.
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const postgres = await startEmbeddedPostgres({ dataDir, settings });
let told = 0;
try {
  await migrate({ url: postgres.url });
  const outcome = await simulate(scale, {
    databaseUrl: postgres.url,
    dataDir,
    onDay: ({ world, customers, findings }, day) => {
      // What must not be is told on the day that it was found.
      for (const finding of findings.slice(told)) console.log(finding);
      told = findings.length;
      if (day % 7 > 0) return;
      const date = world.now().toISOString().slice(0, 10);
      console.log(`${date}  ${customers.length} organizations, ${findings.length} findings`);
    },
  });
  for (const line of summaryOf(scale, outcome)) console.log(line);
  process.exitCode = outcome.findings.length === 0 ? 0 : 1;
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
