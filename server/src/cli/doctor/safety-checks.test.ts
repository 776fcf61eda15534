import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSealer } from '../../platform/crypto.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { claimFolder, type Manifest, paths, writeManifest } from '../backup/backup-folder.ts';
import { makeFolder } from '../backup/durable.ts';
import { writeReach } from '../backup/wal-archive.ts';
import { safetyChecks } from './safety-checks.ts';

let db: TestDatabase;
let directory: string;
let platform: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
});
afterAll(async () => {
  await db?.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  platform = testPlatform(db);
});

async function findings(name: string) {
  const check = safetyChecks.find((one) => one.name === name);
  return (await check?.run(testContext(platform))) ?? [];
}

const ago = (hours: number) =>
  new Date(platform.clocks.wall().getTime() - Math.round(hours * 3_600_000));

async function keepBackup({ made, reached }: { made: Date; reached: Date }): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  await claimFolder(directory, '7');
  const manifest: Manifest = {
    ...{ format: 1, id: 'one', systemId: '7', timeline: 1, start: 10n, end: 20n },
    ...{ segmentBytes: 16n, startedAt: made, finishedAt: made, postgres: '18.4' },
    ...{ origin: 'embedded', database: 'sluice', keyId: 'key', files: [] },
  };
  const base = join(paths(directory).bases, 'one');
  await makeFolder(base);
  await writeManifest(base, manifest);
  await writeReach(directory, { timeline: 1, from: 0n, position: 30n, at: reached });
}

describe('backups', () => {
  const live = { directory: '', everyHours: 24, keep: 7 };
  beforeEach(() => {
    platform.config.mode = 'live';
    platform.config.backup = { ...live, directory };
  });

  test('are wanted of a live deployment only', async () => {
    platform.config.backup = undefined;
    expect(await findings('backups')).toMatchObject([{ status: 'warn' }]);
    platform.config.mode = 'sandbox';
    expect(await findings('backups')).toMatchObject([{ status: 'ok' }]);
  });

  test('are missed where none was made', async () => {
    expect(await findings('backups')).toMatchObject([{ status: 'fail' }]);
  });

  test.each([
    ['is well while it reaches to the present', 20, 0.01, 'ok'],
    ['fails when no whole copy was made for long', 40, 0.01, 'fail'],
    ['fails when changes are not fetched', 20, 1, 'fail'],
  ])('%s', async (_name, madeHours, reachedHours, status) => {
    await keepBackup({ made: ago(madeHours), reached: ago(reachedHours) });
    expect(await findings('backups')).toMatchObject([{ status }]);
  });
});

describe('the sealing key', () => {
  test('is changed in steps, and the doctor says which comes next', async () => {
    const [oldKey, key] = ['the key of before, of 32 characters or more', 'x'.repeat(32)];
    platform.sealer = createSealer(key, { beside: [oldKey] });
    expect(await findings('sealing key')).toMatchObject([{ status: 'ok' }]);

    platform.config.secretKeysBeside = [oldKey];
    const [before] = await findings('sealing key');
    expect(before?.advice).toContain('SLUICE_SECRET_KEY_PREVIOUS away');

    const sealed = createSealer(oldKey).seal('{}', 'delivery:mail_1');
    await db.database
      .withTables<{ delivery_messages: { id: string; status: string; sealed_content: string } }>()
      .insertInto('delivery_messages')
      .values({ id: 'mail_1', status: 'queued', sealed_content: sealed, ...times() } as never)
      .execute();
    const [between] = await findings('sealing key');
    expect(between?.advice).toContain('sluice rotate-key');
  });
});

function times() {
  const at = platform.clocks.wall();
  return { created_at: at, due_at: at };
}
