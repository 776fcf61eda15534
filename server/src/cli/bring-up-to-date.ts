/** What a server does about its tables before it begins to serve. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPendingReader, migrate } from '../platform/database/migrate.ts';
import { MigrationError } from '../platform/database/migration-error.ts';

export interface TablesOptions {
  /** A direct connection. */
  url: string;
  /** Whether it applies what is pending, or waits for whoever does. */
  migrates: boolean;
  say: (line: string) => void;
  /** Resolves when the process is asked to end. */
  signal: Promise<unknown>;
  /** As for `migrate`. */
  sources?: string;
}

const lookEveryMs = 1000;

/**
 * Resolves when all that this version needs is there. What a newer version has added is served as it is.
 * @throws MigrationError when the process is asked to end while it waits.
 */
export async function bringUpToDate(options: TablesOptions): Promise<void> {
  const { url, migrates, say, signal, sources } = options;
  if (migrates) {
    await migrate({ url, ...(sources !== undefined && { sources }) });
    return;
  }
  const readPending = createPendingReader(url, sources);
  const asked = signal.then(() => 'asked');
  for (let said = ''; ; ) {
    const pending = (await readPending()).join(', ');
    if (pending === '') return;
    if (pending !== said) say(`Waiting for "sluice migrate": to be applied are ${pending}.`);
    said = pending;
    if ((await Promise.race([asked, sleep(lookEveryMs)])) === 'asked') {
      throw new MigrationError('Asked to end before "sluice migrate" was run.');
    }
  }
}
