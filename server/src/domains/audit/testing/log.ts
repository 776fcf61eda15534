/** A log of a test's own, and what somebody with all rights on the database can do to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Actor } from '../../../platform/context.ts';
import { inTransaction } from '../../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { auditMac } from '../audit-mac.ts';
import { type ChainedEntry, hashedText, sealedText } from '../core/entry.ts';
import { type AuditRecord, recordAudit, verifyAudit } from '../index.ts';
import { listAuditLogs, searchAuditLogs } from '../operations/list-audit-logs.ts';
import type { People } from '../people.ts';
import type { AuditFilter } from '../search-store.ts';
import { findEntriesAfter, updateHeads } from '../store.ts';

export interface TestLog {
  db: TestDatabase;
  platform: TestPlatform;
  /** Folder of archives and anchors. */
  outside: string;
  record(organizationId: string | null, id: string, more?: Partial<AuditRecord>): Promise<void>;
  recordAs(
    actor: Partial<Actor>,
    organizationId: string | null,
    id: string,
    more?: Partial<AuditRecord>,
  ): Promise<void>;
  recordMany(organizationId: string | null, count: number): Promise<void>;
  /** Changes rows without the triggers. */
  tamper(...statements: string[]): Promise<void>;
  problemKinds(options?: { outside?: string }): Promise<string[]>;
  list(filter: Partial<AuditFilter> & { organizationId: string }): Promise<ChainedEntry[]>;
  search(filter: Partial<AuditFilter>): Promise<ChainedEntry[]>;
  /** Makes an entry what one was before parts could be erased. */
  makeFirstVersion(chain: string): Promise<void>;
  close(): Promise<void>;
}

const tables = [
  'audit_entries',
  'audit_heads',
  'audit_anchors',
  'audit_anchor_heads',
  'audit_archives',
  'audit_starts',
  'audit_person_keys',
];

export const noPeople: People = {
  findByIds: async () => new Map(),
  findIdByMail: async () => undefined,
  deviceOf: () => null,
};

export async function openTestLog(): Promise<TestLog> {
  const db = await createTestDatabase();
  const outside = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
  const platform = testPlatform(db, { config: { auditDir: outside } });
  const triggers = async (state: 'enable' | 'disable') => {
    for (const table of tables) {
      await sql.raw(`alter table ${table} ${state} trigger user`).execute(db.database);
    }
  };
  const recordAs: TestLog['recordAs'] = async (actor, organizationId, id, more) => {
    const context = testContext(platform);
    await inTransaction(context, (transaction) =>
      recordAudit({ ...context, actor: { ...context.actor, ...actor } }, transaction, {
        organizationId,
        action: 'thing.change',
        resource: { kind: 'thing', id },
        ...more,
      }),
    );
  };
  return {
    db,
    platform,
    outside,
    recordAs,
    record: (organizationId, id, more) => recordAs({}, organizationId, id, more),
    async recordMany(organizationId, count) {
      for (let index = 1; index <= count; index += 1) {
        await recordAs({}, organizationId, `thing_${index}`, { newValues: { index } });
      }
    },
    async tamper(...statements) {
      await triggers('disable');
      for (const statement of statements) await sql.raw(statement).execute(db.database);
      await triggers('enable');
    },
    async problemKinds(options) {
      const { problems } = await verifyAudit(platform, options);
      return problems.map((problem) => problem.kind);
    },
    list: (filter) =>
      listAuditLogs(db.database, noPeople, {
        limit: 10,
        now: platform.clocks.business(),
        ...filter,
      }),
    search: (filter) =>
      searchAuditLogs(db.database, noPeople, {
        limit: 10,
        now: platform.clocks.business(),
        ...filter,
      }),
    async makeFirstVersion(chain) {
      await triggers('disable');
      await rewriteAsFirst(db, platform, chain);
      await triggers('enable');
    },
    async close() {
      await db.close();
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

/** The head is sealed over the last hash, so that it is written again too. */
async function rewriteAsFirst(
  db: TestDatabase,
  platform: TestPlatform,
  chain: string,
): Promise<void> {
  const mac = auditMac(platform);
  const entries = await findEntriesAfter(db.database, { chain, position: 0n, limit: 1000 });
  let previousHash = '';
  for (const entry of entries) {
    const first = { ...entry, version: 1, previousHash };
    const hash = mac(hashedText(first));
    await sql`
      update audit_entries
      set version = 1, origin_salt = null, origin_digest = null, values_salt = null, values_digest = null,
        previous_hash = ${previousHash}, hash = ${hash}
      where id = ${entry.id}
    `.execute(db.database);
    previousHash = hash;
  }
  const head = { chain, entries: BigInt(entries.length), hash: previousHash };
  await db.database
    .transaction()
    .execute((transaction) => updateHeads(transaction, [{ ...head, seal: mac(sealedText(head)) }]));
}
