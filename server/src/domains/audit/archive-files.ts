/** The files of archived months: written, fsynced and read as streams, so that a month may be of any size. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { archiveFile, type Manifest, manifestFile } from './core/archive.ts';
import { parseObject } from './core/exported.ts';

export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
}

const unfinished = /\.part-[0-9a-f]{16}$/;
/** Longer than a month takes to be written: what is older was left by a process that ended. */
const unfinishedMs = 24 * 3_600_000;

/** Writes the lines to a file of a name of its own; `placeFile` gives it the month's. */
export async function writeLines(
  { directory, month, now }: { directory: string; month: string; now: Date },
  lines: AsyncIterable<string>,
): Promise<WrittenFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await removeUnfinished(directory, now);
  const path = join(directory, `${archiveFile(month)}.part-${randomBytes(8).toString('hex')}`);
  await pipeline(
    lines,
    createGzip(),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { path, bytes: (await stat(path)).size, sha256: await hashOf(path) };
}

async function removeUnfinished(directory: string, now: Date): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!unfinished.test(name)) continue;
    const path = join(directory, name);
    // Another process may have put it in its place meanwhile.
    const { mtimeMs } = await stat(path).catch(ifMissing(() => ({ mtimeMs: now.getTime() })));
    if (now.getTime() - mtimeMs > unfinishedMs) await rm(path, { force: true });
  }
}

/** The last step before the month leaves the database: file and manifest, durable under their names. */
export async function placeFile(
  directory: string,
  { path }: WrittenFile,
  manifest: Manifest,
): Promise<void> {
  await rename(path, join(directory, archiveFile(manifest.month)));
  const temporary = `${path}.manifest`;
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, {
    flush: true,
    mode: 0o600,
  });
  await rename(temporary, join(directory, manifestFile(manifest.month)));
  const folder = await open(directory, 'r');
  await folder.sync();
  await folder.close();
}

export async function discardFile({ path }: WrittenFile): Promise<void> {
  await rm(path, { force: true });
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * The lines of a file, packed or not.
 * @throws what the file system or zlib says of a file that is gone or broken.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const isPacked = path.endsWith('.gz') || path.includes('.gz.part-');
  const text = isPacked ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => text.destroy(error));
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
  const failed = new Promise<never>((_resolve, reject) => text.once('error', reject));
  // Only awaited beside the lines.
  failed.catch(() => undefined);
  const iterator = lines[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), failed]);
    if (next.done) return;
    yield next.value;
  }
}

/** Months that have a manifest in the folder. */
export async function findManifests(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(ifMissing(() => [] as string[]));
  return names
    .filter((name) => /^\d{4}-\d{2}\.manifest\.json$/.test(name))
    .map((name) => name.slice(0, 7))
    .sort();
}

/** Undefined where it is gone or is none. */
export async function readManifest(directory: string, month: string): Promise<object | undefined> {
  const text = await readFile(join(directory, manifestFile(month)), 'utf8').catch(
    ifMissing(() => ''),
  );
  return parseObject(text);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    ifMissing(() => false),
  );
}

/** Answers for a file that is not there; anything else stays an error. */
export function ifMissing<T>(otherwise: () => T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise();
    throw error;
  };
}
