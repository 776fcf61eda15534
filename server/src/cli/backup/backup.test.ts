/** Backups of a real database, without the product's tables: what is in them does not matter here. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../platform/config.ts';
import {
  destroyEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../platform/database/embedded.ts';
import { restoreEmbedded } from '../../platform/database/embedded-restore.ts';
import { connectForReplication } from '../../platform/database/replication.ts';
import { listBases, paths, removeOldBases } from './backup-folder.ts';
import { makeBaseBackup } from './base-backup.ts';
import { keepBackups } from './keep-backups.ts';
import { fillCluster, planRestore, recoverySettings } from './restore-plan.ts';
import { readReach } from './wal-archive.ts';

// A restore writes tens of megabytes: on a busy machine it takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

// These data live for seconds.
const settings = { fsync: 'off', autovacuum: 'off' };
let root: string;
let server: EmbeddedPostgres;
let folder: string;
const said: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sluice-backup-'));
  chmodSync(root, 0o711);
  folder = join(root, 'backups');
  server = await startEmbeddedPostgres({ dataDir: join(root, 'data'), settings });
  await query(server.url, 'create table notes (id serial primary key, text text not null)');
});
afterAll(async () => {
  await server?.stop();
  for (const name of readdirSync(root).filter((name) => name.startsWith('data'))) {
    await destroyEmbeddedPostgres(join(root, name));
  }
  rmSync(root, { recursive: true, force: true });
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function note(text: string): Promise<Date> {
  await query(server.url, `insert into notes (text) values ('${text}')`);
  // A time of ours is cut to milliseconds, and may seem to be before what it is behind.
  await sleep(2);
  const at = new Date();
  await sleep(20);
  return at;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 400) throw new Error(`Not so in time. ${said.join('\n')}`);
    await sleep(50);
  }
}

function keep() {
  const say = (about: object, text: string) => said.push(`${text} ${JSON.stringify(about)}`);
  const config = readConfig({
    SLUICE_BACKUP_DIR: folder,
    SLUICE_DATA_DIR: join(root, 'data'),
    SLUICE_SECRET_KEY: 'a secret of the tests, longer than 32 characters',
  });
  const log = { info: say, error: say } as never;
  return keepBackups({ config, url: server.url, log, wall: () => new Date(), retryMs: 100 });
}

const hasReached = (at: Date) => async () => {
  const [base] = await listBases(folder);
  const reach = base && (await readReach(folder, base.timeline));
  return reach !== undefined && reach.at > at;
};

async function restored(
  target: Date | undefined,
  { into, replace = false }: { into: string; replace?: boolean },
) {
  const plan = await planRestore(folder, target);
  return restoreEmbedded({
    dataDir: join(root, into),
    log: () => undefined,
    replace,
    stamp: 'then',
    recovery: { ...recoverySettings(plan), ...settings },
    fill: (cluster, made) => fillCluster(plan, cluster, made),
    look: async (url) =>
      (await query(url, 'select text from notes order by id')).map(({ text }) => text),
  });
}

describe('backups', () => {
  let between: Date;
  let last: Date;

  test('follow the database over interruptions', async () => {
    await note('before');
    const first = keep();
    await until(async () => (await listBases(folder)).length === 1);
    await note('first');
    await first?.stop();
    between = await note('while nobody listened');
    await note('after');
    // One of two keeps the backups; the other takes over when it ends.
    const [second, third] = [keep(), keep()];
    await sleep(300);
    await second?.stop();
    // Ends one file of changes and begins the next.
    await query(server.url, 'select pg_switch_wal()');
    last = await note('last');
    await until(hasReached(last));
    await third?.stop();
    expect(said.filter((line) => !line.startsWith('changes are being backed up'))).toEqual([
      expect.stringContaining('a whole copy of the database was made'),
    ]);
    expect(await listBases(folder)).toHaveLength(1);
    expect(readdirSync(paths(folder).wal).some((name) => name.endsWith('.gz'))).toBe(true);
  });

  test('hold everything up to a chosen time and nothing after it', async () => {
    const { looked, keptIn } = await restored(between, { into: 'data-restored' });
    expect(looked).toEqual(['before', 'first', 'while nobody listened']);
    expect(keptIn).toBeUndefined();
  });

  test('hold everything there is, also at a time behind the last commit', async () => {
    const all = ['before', 'first', 'while nobody listened', 'after', 'last'];
    const reach = await readReach(folder, 1);
    expect(reach?.at.getTime()).toBeGreaterThan(last.getTime());
    const into = 'data-restored';
    await expect(restored(reach?.at, { into })).rejects.toThrow(/--replace/);
    const { looked, keptIn } = await restored(reach?.at, { into, replace: true });
    expect(looked).toEqual(all);
    expect(existsSync(keptIn ?? '')).toBe(true);
  });

  test('are put in place by the next start when a crash came between the names', async () => {
    const home = join(root, 'data-restored', 'postgres');
    renameSync(join(home, 'cluster'), join(home, 'cluster.restored'));
    const again = await startEmbeddedPostgres({ dataDir: join(root, 'data-restored'), settings });
    try {
      expect(await query(again.url, 'select count(*)::int as count from notes')).toEqual([
        { count: 5 },
      ]);
    } finally {
      await again.stop();
    }
  });

  test('say which times they have', async () => {
    const [base] = await listBases(folder);
    const early = planRestore(folder, base?.startedAt);
    await expect(early).rejects.toThrow(/--to must be later/);
    await expect(planRestore(folder, new Date('2999-01-01T00:00:00Z'))).rejects.toThrow(
      /--to must not be later/,
    );
    await expect(planRestore(join(root, 'nowhere'), undefined)).rejects.toThrow(/no backup/);
  });

  test('are not restored when a byte of them has changed', async () => {
    const [base] = await listBases(folder);
    const path = join(paths(folder).bases, base?.id ?? '', 'base.tar.gz');
    renameSync(path, `${path}.kept`);
    writeFileSync(path, 'something else');
    await expect(restored(undefined, { into: 'data-damaged' })).rejects.toThrow(
      /is not as it was written/,
    );
    renameSync(`${path}.kept`, path);
  });

  test('have no gap: a missing file of changes is noticed', async () => {
    const { wal } = paths(folder);
    const [name = ''] = readdirSync(wal).filter((name) => name.endsWith('.partial'));
    renameSync(join(wal, name), join(root, name));
    await expect(restored(undefined, { into: 'data-damaged' })).rejects.toThrow(/have a gap/);
    renameSync(join(root, name), join(wal, name));
  });
});

describe('makeBaseBackup', () => {
  const options = () => ({
    url: server.url,
    folder,
    origin: 'embedded' as const,
    keyId: 'key',
    auditDir: join(root, 'audit'),
  });

  test('is refused while another is being made', async () => {
    const other = await connectForReplication(server.url);
    try {
      expect(await other.tryLock(730_211_946)).toBe(true);
      await expect(makeBaseBackup(options())).rejects.toThrow(/Another backup of this database/);
    } finally {
      await other.close();
    }
  });

  test('removes what a crash left, brings the audit archives, and keeps as many as are wanted', async () => {
    const left = join(paths(folder).bases, '2020-01-01T00-00-00Z.unfinished');
    mkdirSync(left);
    mkdirSync(join(root, 'audit'));
    writeFileSync(join(root, 'audit', '2026-01.jsonl.gz'), 'packed');
    expect(await listBases(folder)).toHaveLength(1);
    const made = await makeBaseBackup(options());
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(paths(folder).audit)).toEqual(['2026-01.jsonl.gz']);
    expect((await removeOldBases(folder, 1)).map(({ id }) => id)).toEqual([made.id]);
    expect(readdirSync(paths(folder).bases)).toEqual([made.id]);
  });

  test('is refused in the folder of another database', async () => {
    const strange = join(root, 'strange');
    mkdirSync(strange);
    writeFileSync(paths(strange).owner, JSON.stringify({ format: 1, systemId: '1' }));
    await expect(makeBaseBackup({ ...options(), folder: strange })).rejects.toThrow(
      /holds backups of another database/,
    );
  });
});
