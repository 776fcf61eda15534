/** Whole copies of the database, and keeping them together with everything that changes in between. */
import { createLog } from '../../platform/log.ts';
import {
  BackupError,
  findDamage,
  listBases,
  type Manifest,
  removeOldBases,
} from '../backup/backup-folder.ts';
import { makeBaseBackup } from '../backup/base-backup.ts';
import { aboutBackups, keepBackups } from '../backup/keep-backups.ts';
import { reachBehind } from '../backup/restore-plan.ts';
import { removeOldWal, storedSegments } from '../backup/wal-archive.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { openCommandDatabase } from '../deployment.ts';

export const backup: Command = {
  run: (line) =>
    answering(async () => {
      const folder = folderOf(line, 'to');
      const keep = readKeep(line) ?? line.config.backup?.keep;
      const database = await openCommandDatabase(line.config, line.say);
      try {
        const made = await makeBaseBackup({
          ...aboutBackups(line.config),
          url: line.config.databaseDirectUrl ?? database.url,
          folder,
        });
        if (keep !== undefined) await removeOldWal(folder, await removeOldBases(folder, keep));
        return {
          ok: true,
          sentence: `The backup ${made.id} is whole (${megabytes(made)} MB) in ${folder}. SLUICE_SECRET_KEY is not in it: keep that elsewhere.`,
          details: { id: made.id, folder, finished_at: made.finishedAt },
        };
      } finally {
        await database.stop();
      }
    }),
};

export const backupKeep: Command = {
  run: (line) =>
    answering(async () => {
      const stopped = new Promise<void>((resolve) => {
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
          process.once(name, () => resolve());
      });
      const database = await openCommandDatabase(line.config, line.say);
      const keeping = keepBackups({
        config: line.config,
        url: line.config.databaseDirectUrl ?? database.url,
        log: createLog(line.config.logLevel, process.stderr),
        wall: () => new Date(),
      });
      try {
        if (!keeping) throw new BackupError('Set SLUICE_BACKUP_DIR: where the backups go.');
        await stopped;
      } finally {
        await keeping?.stop();
        await database.stop();
      }
      return { ok: true, sentence: 'Backups are kept up to here.' };
    }),
};

export const backupVerify: Command = {
  run: (line) =>
    answering(async () => {
      const folder = folderOf(line, 'from');
      const bases = await listBases(folder);
      if (bases.length === 0) throw new BackupError(`There is no backup in ${folder}.`);
      const found = [];
      for (const base of bases) found.push(await judge(folder, base));
      for (const { id, from, to, problems } of found) {
        line.say(`  ${id}  restores ${from === to ? from : `any time from ${from} to ${to}`}`);
        for (const problem of problems) line.say(`    ${problem}`);
      }
      const ill = found.filter(({ problems }) => problems.length > 0);
      return {
        ok: ill.length === 0,
        sentence:
          ill.length === 0
            ? `All ${found.length} backups are whole.`
            : `${ill.length} of ${found.length} backups are damaged.`,
        details: { backups: found },
      };
    }),
};

/** Reads every byte of it. */
async function judge(folder: string, base: Manifest) {
  const problems = (await findDamage(folder, base)).map((path) => `${path} is not as written`);
  const reach = await reachBehind(folder, base);
  const { timeline, segmentBytes } = base;
  let position = base.end;
  if (reach) {
    for await (const segment of storedSegments({ folder, timeline, segmentBytes }, base.end)) {
      try {
        await segment.read();
      } catch (error) {
        problems.push(`${segment.name}: ${(error as Error).message}`);
      }
      const stored = segment.number * segmentBytes + segment.bytes;
      if (stored > position) position = stored;
    }
    if (position < reach.position) problems.push('changes behind it are missing');
  }
  return {
    id: base.id,
    from: base.finishedAt.toISOString(),
    to: (reach?.at ?? base.finishedAt).toISOString(),
    problems,
  };
}

/** The folder of an option, or the one of the settings. */
export function folderOf({ options, config }: CommandLine, name: 'to' | 'from'): string {
  const given = options[name];
  const folder = typeof given === 'string' ? given : config.backup?.directory;
  if (folder === undefined) {
    throw new BackupError(`Name the folder of the backups: --${name} DIR, or SLUICE_BACKUP_DIR.`);
  }
  return folder;
}

/** What a person can put right is an outcome; anything else keeps its stack. */
export async function answering(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupError) return { ok: false, sentence: error.message };
    throw error;
  }
}

function readKeep({ options }: CommandLine): number | undefined {
  if (options.keep === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(String(options.keep))) {
    throw new BackupError('--keep is how many backups stay, at least 1.');
  }
  return Number(options.keep);
}

function megabytes({ files }: Manifest): number {
  return Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
}
