/** Makes one whole copy of the database, while it works on. */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  connectForReplication,
  type ReplicationClient,
} from '../../platform/database/replication.ts';
import {
  BackupError,
  baseArchive,
  claimFolder,
  type Manifest,
  paths,
  removeUnfinished,
  writeManifest,
} from './backup-folder.ts';
import { ifMissing, makeFolder, namesIn, putInPlace, unfinished } from './durable.ts';

/** Held by whoever copies this database: an arbitrary number that nothing else locks. */
const copyLock = 730_211_946;

export interface BaseBackupOptions {
  url: string;
  folder: string;
  origin: Manifest['origin'];
  keyId: string;
  /** Where the audit log's archives are. */
  auditDir: string;
  /** Gives up, and leaves nothing. */
  signal?: AbortSignal;
}

/**
 * Makes a copy and gives it its name when it is whole.
 * @throws BackupError when another is being made, or the database does not let itself be copied.
 */
export async function makeBaseBackup(options: BaseBackupOptions): Promise<Manifest> {
  const client = await openSource(options.url);
  const stop = () => void client.close();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    if (!(await client.tryLock(copyLock))) {
      throw new BackupError(
        'Another backup of this database is being made: wait until it is done.',
      );
    }
    return await copyUnderLock(client, options);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await client.close();
  }
}

const mayNot = new Set(['42501', '28000', '0A000']);

/**
 * @throws BackupError when the role may not replicate, as with most managed databases.
 */
export async function openSource(url: string): Promise<ReplicationClient> {
  try {
    return await connectForReplication(url);
  } catch (error) {
    if (!mayNot.has((error as { code?: string }).code ?? '')) throw error;
    throw new BackupError(
      `The database does not let itself be copied (${(error as Error).message}): let its role replicate ("alter role … replication"), or use the point-in-time recovery of its provider.`,
      { cause: error },
    );
  }
}

async function copyUnderLock(
  client: ReplicationClient,
  { folder, origin, keyId, auditDir }: BaseBackupOptions,
): Promise<Manifest> {
  const source = await client.identify();
  await claimFolder(folder, source.systemId);
  await removeUnfinished(folder);
  const startedAt = await client.readTime();
  const id = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const directory = join(paths(folder).bases, id);
  const making = directory + unfinished;
  await makeFolder(making);
  try {
    const { copied, file } = await writeCopy(client, making, id);
    await mirrorAudit(auditDir, paths(folder).audit);
    const manifest: Manifest = {
      format: 1,
      id,
      systemId: source.systemId,
      ...copied,
      segmentBytes: source.segmentBytes,
      startedAt,
      finishedAt: await client.readTime(),
      postgres: source.version,
      origin,
      keyId,
      database: source.database,
      files: [file],
    };
    await writeManifest(making, manifest);
    await putInPlace(making, directory);
    return manifest;
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

async function writeCopy(client: ReplicationClient, making: string, id: string) {
  const { archive, done } = client.beginCopy(`sluice ${id}`);
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  const written = pipeline(
    archive,
    createGzip({ level: 1 }),
    measured,
    createWriteStream(join(making, baseArchive), { flags: 'wx', mode: 0o600, flush: true }),
  );
  const [copied] = await Promise.all([done, written]);
  return { copied, file: { name: baseArchive, bytes, sha256: hash.digest('hex') } };
}

/** Archived months never change, and anchors only grow: what has the same size and time is the same. */
export async function mirrorAudit(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const name of await namesIn(from)) {
    if (!/^(\d{4}-\d{2}\.|anchors\.jsonl$)/.test(name) || name.includes('.part-')) continue;
    const source = await stat(join(from, name)).catch(ifMissing(() => undefined));
    if (!source?.isFile()) continue;
    const known = await stat(join(to, name)).catch(ifMissing(() => undefined));
    if (known?.size === source.size && known.mtimeMs >= Math.floor(source.mtimeMs)) continue;
    // The server and a command may be at it side by side.
    const temporary = join(to, `${name}.${randomBytes(4).toString('hex')}${unfinished}`);
    await copyFile(join(from, name), temporary);
    await utimes(temporary, source.atime, new Date(Math.ceil(source.mtimeMs)));
    await putInPlace(temporary, join(to, name));
  }
}
