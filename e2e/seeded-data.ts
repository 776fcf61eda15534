/** What a sandbox holds after its first start: most tests begin with a copy of it (`first-start.ts` makes it). */
import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** Names the data folder to copy from, for the processes of a test run. */
export const seededVariable = 'SLUICE_E2E_SEEDED';

/** Fills a data folder; does nothing where no data were made, or where the database is not kept among them. */
export function copySeededData(dataDir: string): void {
  const seeded = process.env[seededVariable];
  if (seeded === undefined || lstatSync(join(seeded, 'postgres')).isSymbolicLink()) return;
  // The database's files belong to its own user, and go on doing so.
  const { status, stderr } = spawnSync('cp', ['-a', `${seeded}/.`, dataDir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The seeded data could not be copied: ${stderr}`);
}
