/** Keeps backups for as long as it runs: the changes as they come, a whole copy when the newest is old, and no more than are wanted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../platform/config.ts';
import { keyIdOf } from '../../platform/crypto.ts';
import type { Lsn } from '../../platform/database/lsn.ts';
import type { Source } from '../../platform/database/replication.ts';
import type { Log } from '../../platform/log.ts';
import { secretKeyOf } from '../../platform/secret-key.ts';
import { BackupError, listBases, paths, removeOldBases } from './backup-folder.ts';
import { makeBaseBackup, mirrorAudit, openSource } from './base-backup.ts';
import { KeptElsewhere, receiveChanges } from './receive-changes.ts';
import { removeOldWal } from './wal-archive.ts';

export interface KeepingBackups {
  stop(): Promise<void>;
}

export interface KeepOptions {
  config: Config;
  /** Past pgbouncer. */
  url: string;
  log: Pick<Log, 'info' | 'error'>;
  wall: () => Date;
  /** So long it waits before it tries again, to take over where another ended too; 5 seconds when left out. */
  retryMs?: number;
}

/** Changes from `first` on follow each other without a gap. */
type Followed = Source & { first: Lsn };

const retryUsuallyMs = 5000;
const lookEveryMs = 60_000;
const hourMs = 3_600_000;

/** SQLSTATE of a slot that a process which has ended still holds for a moment. */
const slotTaken = '55006';

/** Answers at once; undefined where no folder is set. */
export function keepBackups(options: KeepOptions): KeepingBackups | undefined {
  const { backup } = options.config;
  if (!backup) return undefined;
  const stopping = new AbortController();
  const ended = keep(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keep(options: KeepOptions, signal: AbortSignal): Promise<void> {
  let said: string | undefined;
  while (!signal.aborted) {
    try {
      await keepOnce(options, signal);
      said = undefined;
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      // Once for each reason: a database that is away says the same every few seconds.
      const isStandingBy = error instanceof KeptElsewhere || code === slotTaken;
      if (!isStandingBy && message !== said) {
        const text = 'changes are not being backed up; trying again';
        options.log.error(
          error instanceof BackupError ? { reason: message } : { err: error },
          text,
        );
        said = message;
      }
    }
    const { retryMs = retryUsuallyMs } = options;
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What a copy says of its deployment. */
export function aboutBackups(config: Config) {
  return {
    origin: config.databaseUrl === undefined ? 'embedded' : 'external',
    keyId: keyIdOf(secretKeyOf(config)),
    auditDir: config.auditDir,
  } as const;
}

async function keepOnce(
  { config, url, log, wall }: KeepOptions,
  signal: AbortSignal,
): Promise<void> {
  const { backup } = config;
  if (!backup) return;
  const folder = backup.directory;
  const client = await openSource(url);
  const session = new AbortController();
  const either = AbortSignal.any([signal, session.signal]);
  let copying: Promise<void> | undefined;
  try {
    await receiveChanges(client, {
      folder,
      signal,
      onBegun(source, first) {
        log.info({ folder }, 'changes are being backed up');
        copying = copyWhenDue({ ...source, first }, either);
      },
    });
  } finally {
    session.abort();
    await copying;
    await client.close();
  }

  async function copyWhenDue(source: Followed, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      try {
        await copyIfDue(source, until);
        await mirrorAudit(config.auditDir, paths(folder).audit);
      } catch (error) {
        if (until.aborted) return;
        log.error({ err: error }, 'no whole copy of the database could be made; trying again');
      }
      await sleep(lookEveryMs, undefined, { signal: until }).catch(() => undefined);
    }
  }
  async function copyIfDue(
    { systemId, timeline, first }: Followed,
    until: AbortSignal,
  ): Promise<void> {
    if (!backup) return;
    const bases = await listBases(folder);
    const newest = bases.findLast(
      (base) => base.systemId === systemId && base.timeline === timeline && base.end >= first,
    );
    const ageMs = newest ? wall().getTime() - newest.startedAt.getTime() : Number.POSITIVE_INFINITY;
    if (ageMs < backup.everyHours * hourMs) return;
    const made = await makeBaseBackup({ ...aboutBackups(config), url, folder, signal: until });
    await removeOldWal(folder, await removeOldBases(folder, backup.keep));
    log.info({ backup: made.id }, 'a whole copy of the database was made');
  }
}
