/**
 * `npm run simulate:payments -- --seed N [--payments 2000]`: payments in bad weather, drawn by chance from one seed. Ends
 * with what came of them, and everything that must not be; exit code 1 where there is any.
 */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { simulatePayments } from './chaos.ts';
import type { Scale } from './story.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    payments: { type: 'string', default: '2000' },
  },
});
const scale: Scale = { seed: Number(values.seed), payments: Number(values.payments) };
if (!Object.values(scale).every((figure) => Number.isSafeInteger(figure) && figure >= 0)) {
  throw new Error('Give the seed and the payments as whole numbers.');
}

const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-payments-'));
chmodSync(dataDir, 0o711);
// Servers are killed, the database is not; the data live for minutes.
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const postgres = await startEmbeddedPostgres({ dataDir, settings });
try {
  await migrate({ url: postgres.url });
  const outcome = await simulatePayments(scale, {
    databaseUrl: postgres.url,
    dataDir,
    tell: (sentence) => console.log(sentence),
  });
  const sections = { endings: outcome.endings, mishaps: outcome.mishaps, matched: outcome.matched };
  for (const [name, counts] of Object.entries(sections)) {
    console.log(`\n${name}`);
    for (const [what, count] of counts) console.log(`${String(count).padStart(7)}  ${what}`);
  }
  console.log(`\n${outcome.findings.length} findings`);
  for (const finding of outcome.findings) console.log(`  ${finding}`);
  console.log(`digest ${outcome.digest}`);
  process.exitCode = outcome.findings.length === 0 ? 0 : 1;
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
