/** What the doctor finds: nothing in a sound deployment, and everything that was broken on purpose. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordAudit } from '../../domains/audit/index.ts';
import { queueMail } from '../../domains/delivery/index.ts';
import { createAdmin } from '../../domains/identity/index.ts';
import { count, lasting, ok } from '../../platform/checks.ts';
import { inTransaction } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { checks as domainChecks } from '../../wiring/checks.ts';
import { preparePartitions } from '../../wiring/partitions.ts';
import { databaseChecks } from './database-checks.ts';
import { examine, sayFinding, sum } from './examine.ts';
import { surroundingsChecks } from './surroundings-checks.ts';

let db: TestDatabase;
let platform: TestPlatform;
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => {
  platform = testPlatform(db, { config: { dataDir } });
  platform.clocks.set(new Date());
});
afterAll(async () => {
  await db.close();
  rmSync(dataDir, { recursive: true });
});

const context = () => testContext(platform);
const find = async (name: string, checks = [...databaseChecks, ...domainChecks]) =>
  (await examine(context(), checks)).filter(({ check }) => check === name);

describe('the database', () => {
  test('is sound where it is new, but for the partitions that nobody has made', async () => {
    for (const name of ['database', 'clocks', 'snapshots']) {
      expect(await find(name)).toMatchObject([{ status: 'ok' }]);
    }
    expect(await find('partitions')).toMatchObject([
      { status: 'warn', advice: expect.stringContaining('Start a server') },
    ]);
    await preparePartitions(context(), platform.clocks.business());
    expect(await find('partitions')).toMatchObject([{ status: 'ok' }]);
  });

  test('has a clock that ours is held against', async () => {
    platform.clocks.advance('PT10S');
    expect(await find('clocks', [...databaseChecks])).toMatchObject([{ status: 'warn' }]);
    platform.clocks.advance('PT10M');
    const [finding] = await find('clocks', [...databaseChecks]);
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding?.what).toContain('10 minutes');
  });
});

describe('the domains', () => {
  test('say what is missing, and what is well', async () => {
    expect(await find('operators')).toMatchObject([{ status: 'fail' }]);
    await createAdmin(context(), { email: 'op@example.com', password: 'correct horse' });
    expect(await find('operators')).toMatchObject([{ status: 'ok' }]);
    expect(await find('jobs')).toMatchObject([{ status: 'ok' }]);
    expect(await find('events')).toMatchObject([{ status: 'ok' }]);
    expect(await find('payment inbox')).toMatchObject([{ status: 'ok' }]);
    expect(await find('channels')).toMatchObject([{ status: 'warn' }]);
  });

  test('name mails that cannot leave, and why', async () => {
    await inTransaction(context(), (transaction) =>
      queueMail(context(), transaction, {
        to: 'a@example.com',
        subject: 's',
        text: 't',
        html: 'h',
      }),
    );
    await sql`update delivery_messages set last_error = '451 later'`.execute(db.database);
    expect(await find('mail')).toMatchObject([{ status: 'ok' }]);
    platform.clocks.advance('PT3H');
    const [finding] = await find('mail');
    expect(finding?.what).toBe(
      '1 mail cannot leave, the oldest for 3 hours. The mail server says: 451 later',
    );
    await sql`delete from delivery_messages`.execute(db.database);
  });

  test('see an entry of the audit log that was edited, among the newest', async () => {
    for (const organizationId of ['org_1', 'org_1', null]) {
      await inTransaction(context(), (transaction) =>
        recordAudit(context(), transaction, {
          ...{ organizationId, action: 'key.create', resource: { kind: 'key', id: 'key_1' } },
        }),
      );
    }
    expect(await find('audit log')).toMatchObject([{ status: 'ok' }]);
    await sql`alter table audit_entries disable trigger all`.execute(db.database);
    await sql`update audit_entries set action = 'key.revoke' where organization_id = 'org_1'`.execute(
      db.database,
    );
    expect(await find('audit log')).toMatchObject([
      { status: 'fail', what: expect.stringContaining('2 problems: edited in org_1') },
    ]);
  });

  test('name a provider that is on and lacks settings', async () => {
    await sql`
      insert into payments_providers (provider, enabled, settings, sealed_secrets, updated_at)
      values ('stripe', true, '{}', '{}', ${platform.clocks.wall()})
    `.execute(db.database);
    expect(await find('payment providers')).toMatchObject([
      { status: 'fail', what: 'Stripe is on, and lacks required settings.' },
    ]);
  });
});

describe('the surroundings', () => {
  test('of a sandbox are well', async () => {
    const findings = await examine(context(), surroundingsChecks);
    expect(findings.filter(({ check }) => check === 'settings')).toMatchObject([{ status: 'ok' }]);
    expect(findings.every(({ status }) => status !== 'fail')).toBe(true);
  });

  test('of a live deployment are judged: HTTPS and the certificate', async () => {
    const silent = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    Object.assign(platform.config, { mode: 'live', secretKey: 'k', trustedProxies: [] });
    platform.config.publicUrl = 'http://pay.example.com';
    const statuses = async () => {
      const findings = await examine(context(), surroundingsChecks);
      return findings.map(({ check, status }) => `${check} ${status}`);
    };
    expect(await statuses()).toEqual(expect.arrayContaining(['settings fail', 'settings warn']));
    platform.config.publicUrl = `https://127.0.0.1:${port}`;
    expect(await statuses()).toEqual(expect.arrayContaining(['settings warn', 'certificate warn']));
    silent.close();
  });
});

describe('examine', () => {
  test('makes a finding of what breaks, and of what takes too long', async () => {
    const findings = await examine(
      context(),
      [
        { name: 'a', run: async () => [ok('It is well.')] },
        { name: 'b', run: () => Promise.reject(new Error('the disk is full')) },
        { name: 'c', run: () => new Promise(() => undefined) },
      ],
      20,
    );
    expect(findings).toMatchObject([
      { check: 'a', status: 'ok' },
      { check: 'b', status: 'fail', what: 'It could not be looked at: the disk is full' },
      { check: 'c', status: 'warn' },
    ]);
    expect(sum(findings)).toEqual({
      ...{ ok: false, sentence: '1 of 3 things want mending, and 1 thing wants a look.' },
    });
    expect(sum(findings.slice(0, 1))).toEqual({ ok: true, sentence: 'All is well.' });
    expect(sum([...findings.slice(0, 1), ...findings.slice(2)])).toEqual({
      ...{ ok: true, sentence: 'Nothing is broken; 1 thing wants a look.' },
    });
    expect(findings.slice(0, 2).map(sayFinding)).toEqual([
      '  well   a: It is well.',
      '  mend   b: It could not be looked at: the disk is full\n         See that first.',
    ]);
  });
});

test.each([
  [20_000, '20 seconds'],
  [60_000, '1 minute'],
  [7_200_000, '2 hours'],
  [172_800_000, '2 days'],
])('lasting(%i) is %s', (ms, text) => {
  expect(lasting(ms)).toBe(text);
  expect(count(1n, 'mail')).toBe('1 mail');
});
