/** Which copy and which changes make the database of a given time, and putting them where PostgreSQL finds them. */
import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import {
  BackupError,
  baseArchive,
  findDamage,
  listBases,
  type Manifest,
  paths,
} from './backup-folder.ts';
import { unpackTar } from './tar.ts';
import { type Reach, readReach, storedSegments } from './wal-archive.ts';

export interface RestorePlan {
  folder: string;
  base: Manifest;
  /** The changes behind the copy; undefined where only its own moment can be had. */
  reach: Reach | undefined;
  /** Everything up to it and nothing after it; undefined: all there is. */
  target: Date | undefined;
}

/**
 * @throws BackupError when the folder has no backup for that time.
 */
export async function planRestore(folder: string, target: Date | undefined): Promise<RestorePlan> {
  const bases = await listBases(folder);
  const [oldest] = bases;
  if (!oldest) throw new BackupError(`There is no backup in ${folder}.`);
  const base = bases.findLast(({ finishedAt }) => target === undefined || finishedAt <= target);
  if (!base) {
    throw new BackupError(
      `The oldest backup in ${folder} is whole since ${oldest.finishedAt.toISOString()}: --to must be later.`,
    );
  }
  const reach = await reachBehind(folder, base);
  const end = reach?.at ?? base.finishedAt;
  if (target !== undefined && target > end) {
    throw new BackupError(
      `What changed after the backup of ${base.id} is there up to ${end.toISOString()}: --to must not be later. Leave it out to restore all there is.`,
    );
  }
  return { folder, base, reach, target };
}

/** The changes that follow a copy without a gap, if any. */
export async function reachBehind(folder: string, base: Manifest): Promise<Reach | undefined> {
  const reach = await readReach(folder, base.timeline);
  return reach && reach.from <= base.end && base.end <= reach.position ? reach : undefined;
}

/** Checks the copy, then unpacks it and lays the changes beside it. `made` hears of each path. */
export async function fillCluster(
  { folder, base, reach }: RestorePlan,
  cluster: string,
  made: (path: string) => void,
): Promise<void> {
  const damaged = await findDamage(folder, base);
  if (damaged.length > 0) {
    throw new BackupError(
      `${damaged.join(' and ')} is not as it was written: take another backup.`,
    );
  }
  const file = createReadStream(join(paths(folder).bases, base.id, baseArchive));
  const unpacked = file.pipe(createGunzip());
  file.on('error', (error) => unpacked.destroy(error));
  await unpackTar(unpacked, cluster, made);
  if (reach) await layChanges(folder, { base, reach, cluster, made });
}

interface Laying {
  base: Manifest;
  reach: Reach;
  cluster: string;
  made: (path: string) => void;
}

async function layChanges(folder: string, { base, reach, cluster, made }: Laying): Promise<void> {
  const { timeline, segmentBytes, end } = base;
  let position = end;
  for await (const segment of storedSegments({ folder, timeline, segmentBytes }, end)) {
    const stored = segment.number * segmentBytes + segment.bytes;
    // The copy brings the first itself, and may have more of it.
    if (stored <= position) continue;
    position = stored;
    const path = join(cluster, 'pg_wal', segment.name);
    await writeFile(path, await segment.read(), { mode: 0o600 });
    made(path);
  }
  if (position < reach.position) {
    throw new BackupError(
      `The changes behind the backup of ${base.id} have a gap: some files in ${paths(folder).wal} are missing.`,
    );
  }
}

/** How PostgreSQL gets from the copy to the target. What it needs lies in its folder already, so nothing is fetched. */
export function recoverySettings({ target }: RestorePlan): Record<string, string> {
  return {
    restore_command: 'false',
    recovery_target_timeline: 'current',
    ...(target && {
      // When it reads its settings it knows no letters for zones yet.
      recovery_target_time: target.toISOString().replace('T', ' ').replace('Z', '+00'),
      recovery_target_action: 'promote',
    }),
  };
}

/** For a PostgreSQL that somebody else starts: the settings and the sign to recover, in its own files. */
export async function leaveRecovery(plan: RestorePlan, cluster: string): Promise<void> {
  const lines = Object.entries(recoverySettings(plan)).map(
    ([name, value]) => `${name} = '${value}'\n`,
  );
  const file = await open(join(cluster, 'postgresql.auto.conf'), 'a', 0o600);
  try {
    await file.write(
      `# Written by sluice restore; may go once the database has started.\n${lines.join('')}`,
    );
  } finally {
    await file.close();
  }
  await writeFile(join(cluster, 'recovery.signal'), '', { mode: 0o600 });
}
