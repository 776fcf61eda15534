/** Chaos runs on a database of their own, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../../server/src/platform/testkit/database.ts';
import { type Outcome, simulatePayments } from './chaos.ts';
import type { Scale } from './story.ts';

export async function run(scale: Scale): Promise<Outcome> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-payments-'));
  const { url, close } = await createTestDatabase();
  try {
    return await simulatePayments(scale, { databaseUrl: url, dataDir });
  } finally {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** How many payments came to it, of all providers. */
export function countOf({ endings }: Outcome, what: string): number {
  return [...endings].reduce((sum, [key, count]) => sum + (key.includes(what) ? count : 0), 0);
}
