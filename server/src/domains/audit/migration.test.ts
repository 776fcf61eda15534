/** Entries from before the log was kept by months come into them as they were, and still verify. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../platform/database/migrate.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { auditMac } from './audit-mac.ts';
import { hashedText, sealedText } from './core/entry.ts';
import { verifyAudit } from './index.ts';

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));

beforeAll(async () => {
  db = await createTestDatabase({ migrated: false });
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

async function apply(...names: string[]): Promise<void> {
  mkdirSync(join(folder, 'audit', 'migrations'), { recursive: true });
  for (const name of names) {
    cpSync(
      new URL(`./migrations/${name}.sql`, import.meta.url),
      join(folder, 'audit', 'migrations', `${name}.sql`),
    );
  }
  await migrate({ url: db.url, sources: folder });
}

const instants = [
  '2025-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00.000Z',
  '2026-03-04T12:00:00.123Z',
];

/** As they were written before: hashed over the values themselves. */
async function writeAsBefore(): Promise<void> {
  const mac = auditMac(testPlatform(db));
  const chain = 'org_a';
  let previousHash = '';
  for (const [index, at] of instants.entries()) {
    const entry = {
      id: newId('aud', new Date(at)),
      chain,
      position: BigInt(index + 1),
      organizationId: chain,
      actorKind: 'user' as const,
      actorId: 'usr_ada',
      action: 'thing.change',
      resourceKind: 'thing',
      resourceId: `thing_${index}`,
      oldValues: null,
      newValues: { index, text: 'Größe 价格' },
      ip: '203.0.113.7',
      userAgent: 'Firefox',
      requestId: 'req_1',
      createdAt: new Date(at),
      version: 1,
      originSalt: null,
      originDigest: null,
      valuesSalt: null,
      valuesDigest: null,
      previousHash,
    };
    const hash = mac(hashedText(entry));
    await sql`
      insert into audit_entries (
        id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, new_values, ip,
        user_agent, request_id, created_at, previous_hash, hash
      )
      values (
        ${entry.id}, ${chain}, ${entry.position}, ${chain}, 'user', 'usr_ada', 'thing.change', 'thing',
        ${entry.resourceId}, ${JSON.stringify(entry.newValues)}::jsonb, ${entry.ip}, 'Firefox', 'req_1', ${entry.createdAt},
        ${previousHash}, ${hash}
      )
    `.execute(db.database);
    previousHash = hash;
  }
  const head = { chain, entries: BigInt(instants.length), hash: previousHash };
  await sql`
    insert into audit_heads (chain, entries, hash, seal)
    values (${chain}, ${head.entries}, ${head.hash}, ${mac(sealedText(head))})
  `.execute(db.database);
}

async function idsAndHashes(): Promise<unknown[]> {
  const { rows } = await sql`select id, hash from audit_entries order by position`.execute(
    db.database,
  );
  return rows;
}

test('the migration moves entries into their months with ids and hashes unchanged', async () => {
  await apply('0010_audit', '0013_audit_search');
  await writeAsBefore();
  const before = await idsAndHashes();
  await apply('0155_audit_months', '0156_audit_archive');
  expect(await idsAndHashes()).toEqual(before);
  const { rows } = await sql<{ month: string }>`
    select tableoid::regclass::text as month
    from audit_entries
    order by position
  `.execute(db.database);
  expect(rows.map(({ month }) => month)).toEqual([
    'audit_entries_2025_12',
    'audit_entries_2026_01',
    'audit_entries_2026_03',
  ]);
  const { entries, problems } = await verifyAudit(testPlatform(db));
  expect({ entries, problems }).toEqual({ entries: 3, problems: [] });
});
