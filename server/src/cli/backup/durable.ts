/** Files that are whole under their name, or not there: what a crash leaves has another name. */
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Ends the names of what is not whole. */
export const unfinished = '.unfinished';

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Gives what was written a name, which then survives a crash of the machine. */
export async function putInPlace(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = path + unfinished;
  await writeFile(temporary, text, { flush: true, mode: 0o600 });
  await putInPlace(temporary, path);
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Takes its name away first, so that a crash leaves no half of it under the name of a whole one. */
export async function removeWhole(path: string): Promise<void> {
  await putInPlace(path, path + unfinished);
  await rm(path + unfinished, { recursive: true, force: true });
}

export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ifMissing(() => []))).sort();
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ifMissing(() => undefined));
}

/** Answers for a file that is not there; anything else stays an error. */
export function ifMissing<T>(otherwise: () => T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise();
    throw error;
  };
}
