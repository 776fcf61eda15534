/** Where tests put what lives for minutes: in memory, where the system has a place for files there. */
import { statfsSync } from 'node:fs';

/** Linux's; containers often have little of it. */
const place = '/dev/shm';
/** Databases and browsers' profiles of a whole run take a third of it at most. */
const neededBytes = 6 * 1024 ** 3;

/** The folder for temporary files, unless the environment names one; a clone of a database there costs a tenth. */
export function temporaryFolder({ TMPDIR } = process.env) {
  return TMPDIR ?? (hasRoom() ? place : undefined);
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize >= neededBytes;
  } catch {
    return false;
  }
}
