/**
 * The folder of backups of one database cluster: whole copies, and beside them everything that changed since.
 *
 *     sluice-backup.json                      whose folder it is
 *     base/2026-03-01T03-00-00Z/              a whole copy: base.tar.gz and manifest.json
 *     wal/000000010000000000000007.gz         changes, in the order of their names
 *     wal/reach-00000001.json                 how far they go
 *     audit/                                  archived months of the audit log, and its anchors
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import {
  ifMissing,
  makeFolder,
  namesIn,
  readIfThere,
  removeWhole,
  unfinished,
  writeWhole,
} from './durable.ts';

/** Something about backups that a person can put right; the message says how. */
export class BackupError extends Error {}

const Time = z.iso.datetime().transform((text) => new Date(text));
const Place = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));

const Manifest = z.object({
  format: z.literal(1),
  id: z.string(),
  systemId: z.string(),
  timeline: z.number().int(),
  start: Place,
  end: Place,
  segmentBytes: Place,
  startedAt: Time,
  finishedAt: Time,
  postgres: z.string(),
  origin: z.enum(['embedded', 'external']),
  database: z.string(),
  /** Names the key that its secrets are sealed under; the key itself is not in the backup. */
  keyId: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});

/** A whole copy. It can be restored to any time from `finishedAt` on that the changes beside it reach. */
export type Manifest = z.output<typeof Manifest>;

const Owner = z.object({ format: z.literal(1), systemId: z.string() });

export const baseArchive = 'base.tar.gz';

export const paths = (folder: string) => ({
  owner: join(folder, 'sluice-backup.json'),
  bases: join(folder, 'base'),
  wal: join(folder, 'wal'),
  audit: join(folder, 'audit'),
});

/**
 * Makes the folder this cluster's, or finds that it is.
 * @throws BackupError when it holds backups of another.
 */
export async function claimFolder(folder: string, systemId: string): Promise<void> {
  const { owner, bases, wal } = paths(folder);
  for (const path of [folder, bases, wal]) await makeFolder(path);
  const known = await readIfThere(owner);
  if (known === undefined) {
    await writeWhole(owner, `${JSON.stringify({ format: 1, systemId })}\n`);
  } else if (Owner.parse(JSON.parse(known)).systemId !== systemId) {
    throw new BackupError(
      `${folder} holds backups of another database: give this one a folder of its own.`,
    );
  }
}

/** Oldest first; what has no manifest is no backup. */
export async function listBases(folder: string): Promise<Manifest[]> {
  const { bases } = paths(folder);
  const found: Manifest[] = [];
  for (const name of await namesIn(bases)) {
    if (name.endsWith(unfinished)) continue;
    const text = await readIfThere(join(bases, name, 'manifest.json'));
    if (text !== undefined) found.push(Manifest.parse(JSON.parse(text)));
  }
  return found;
}

export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const plain = {
    ...manifest,
    start: manifest.start.toString(),
    end: manifest.end.toString(),
    segmentBytes: manifest.segmentBytes.toString(),
  };
  await writeWhole(join(directory, 'manifest.json'), `${JSON.stringify(plain, null, 2)}\n`);
}

/** What a crash left. Only while nobody else backs up: the caller holds the database's lock for it. */
export async function removeUnfinished(folder: string): Promise<void> {
  const { bases, audit } = paths(folder);
  for (const directory of [bases, audit]) {
    for (const name of await namesIn(directory)) {
      if (!name.endsWith(unfinished)) continue;
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Removes all but the newest copies; answers those that stay, oldest first. */
export async function removeOldBases(folder: string, keep: number): Promise<Manifest[]> {
  const bases = await listBases(folder);
  const old = bases.slice(0, Math.max(bases.length - keep, 0));
  for (const { id } of old) await removeWhole(join(paths(folder).bases, id));
  return bases.slice(old.length);
}

/** The files of a copy that are not as they were written. */
export async function findDamage(folder: string, { id, files }: Manifest): Promise<string[]> {
  const damaged: string[] = [];
  for (const { name, sha256 } of files) {
    const path = join(paths(folder).bases, id, name);
    const found = await hashOf(path).catch(ifMissing(() => undefined));
    if (found !== sha256) damaged.push(path);
  }
  return damaged;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
