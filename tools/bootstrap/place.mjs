/** Where things are, and the marks that say what was done for which sources. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An error whose message tells the person all there is to know; no stack is printed. */
export class Explained extends Error {}

// `npm ci` removes the folder first, so an interrupted one leaves no mark.
const marks = join(root, 'node_modules', '.sluice');

/** Whether `name` was done for sources with this hash. */
export function isMarked(name, hash) {
  try {
    return readFileSync(join(marks, name), 'utf8') === hash;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

export function mark(name, hash) {
  mkdirSync(marks, { recursive: true });
  writeFileSync(join(marks, name), hash);
}

export function unmark(name) {
  rmSync(join(marks, name), { force: true });
}

/** One hash over files and folders, names included; what is built or installed in them does not count. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((path) => listFiles(path))) {
    hash.update(`${path}\0`);
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function listFiles(path) {
  const entries = readEntries(join(root, path));
  if (!entries) return [path];
  return entries
    .filter((entry) => !['node_modules', 'dist'].includes(entry.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => listFiles(join(path, entry.name)));
}

/** What a folder holds; undefined for a file. */
function readEntries(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
