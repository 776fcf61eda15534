/**
 * One server per data folder. Node offers no `flock`, but its SQLite takes a lock that the kernel lets go of when the
 * process dies, however it dies; a file with a process number in it would need guessing after a kill -9.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const lockedBySomeoneElse = 5; // SQLITE_BUSY

/** The data folder belongs to another running server; the message says what to do. */
export class DataFolderInUse extends Error {}

/**
 * Takes the folder for this process until `release` or its death.
 * @throws DataFolderInUse when another process, or this one, already holds it.
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'lock');
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
    chmodSync(file, 0o600);
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== lockedBySomeoneElse) throw error;
    throw new DataFolderInUse(
      `Another Sluice is running on ${dataDir}: stop it first, or set SLUICE_DATA_DIR to another folder.`,
    );
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}
