/** Simulations on a database of their own, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../server/src/platform/testkit/database.ts';
import { type Outcome, type Scale, simulate } from './simulate.ts';

export async function run(scale: Scale): Promise<Outcome> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-simulation-'));
  const { url, close } = await createTestDatabase();
  try {
    return await simulate(scale, { databaseUrl: url, dataDir });
  } finally {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** How often, in all months. */
export function happened({ months }: Outcome, what: string): number {
  return [...months.values()].reduce((total, month) => total + (month.get(what) ?? 0), 0);
}
