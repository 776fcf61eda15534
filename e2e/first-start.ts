/** Starts a sandbox for the first time, once for a test run; see `seeded-data.ts`. */
import { seededVariable } from './seeded-data.ts';
import { removeDataFolder, startServer } from './server.ts';

/** Called by vitest before the first test; the function it answers is called after the last. */
export async function setup(): Promise<() => void> {
  const server = await startServer();
  await server.stop();
  process.env[seededVariable] = server.dataDir;
  return () => removeDataFolder(server.dataDir);
}
