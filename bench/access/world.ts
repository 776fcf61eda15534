/** What is measured on: a real PostgreSQL with fsync, and organizations with more money than the bench can spend. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findMetersById } from '../../server/src/domains/catalog/index.ts';
import { changeQuotas } from '../../server/src/domains/entitlements/index.ts';
import {
  ensureTransferPartitions,
  openFunds,
  postTransfers,
} from '../../server/src/domains/ledger/index.ts';
import { ensureUsagePartitions } from '../../server/src/domains/metering/index.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { inTransaction, type Platform, systemContext } from '../../server/src/platform/context.ts';
import { createSealer } from '../../server/src/platform/crypto.ts';
import { openBulkDatabase } from '../../server/src/platform/database/bulk.ts';
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { openDatabase } from '../../server/src/platform/database/pool.ts';
import { primaryAlone } from '../../server/src/platform/database/replica.ts';
import { createEvents } from '../../server/src/platform/events.ts';
import { newId } from '../../server/src/platform/ids.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { createNotifications } from '../../server/src/platform/notifications.ts';
import { addDays, systemClocks } from '../../server/src/platform/time.ts';
import { subject } from './calls.ts';

export interface World {
  url: string;
  platform: Platform;
  /** Each has one limit; the first is the hot one. */
  organizations: readonly string[];
  /** The key of this one has ten. */
  tenLimits: string;
  /** Writes out and cleans up what the last round left, so that every round begins alike. */
  settleDown(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing runs out: 100 million units. */
const walletNanos = 10n ** 17n;

export async function createWorld(organizationCount: number): Promise<World> {
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-bench-'));
  // Open to passage, so that PostgreSQL's user reaches its own folder in it.
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir });
  await migrate({ url: server.url });
  const platform = createPlatform(server.url);
  const maintenance = new pg.Client({ connectionString: server.url });
  await maintenance.connect();
  const organizations = await createOrganizations(platform, organizationCount);
  const [tenLimits = ''] = await createOrganizations(platform, 1);
  for (const id of organizations) await limit(platform, id, [['mtr_tokens', 'month']]);
  await limit(platform, tenLimits, ten);
  return {
    url: server.url,
    platform,
    organizations,
    tenLimits,
    async settleDown() {
      await maintenance.query('vacuum (analyze)');
      await maintenance.query('checkpoint');
    },
    async close() {
      await maintenance.end();
      await platform.database.destroy();
      await server.stop();
      await destroyEmbeddedPostgres(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const ten = (['mtr_requests', 'mtr_tokens', 'mtr_cost'] as const)
  .flatMap((meter) =>
    (['minute', 'hour', 'day', 'month'] as const).map((window) => [meter, window] as const),
  )
  .slice(0, 10);

/** Limits of the key that all calls use, which none of them reaches. */
async function limit(
  platform: Platform,
  organizationId: string,
  limits: readonly (readonly [string, 'minute' | 'hour' | 'day' | 'month'])[],
): Promise<void> {
  const context = systemContext(platform, 'bench');
  const startsAt = platform.clocks.business();
  await inTransaction(context, async (transaction) => {
    const meters = await findMetersById(transaction, [...new Set(limits.map(([id]) => id))]);
    const add = limits.flatMap(([meterId, window]) => {
      const meter = meters.get(meterId);
      if (!meter) throw new Error(`There is no meter ${meterId}.`);
      const source = {
        source: 'override' as const,
        sourceId: window,
        limit: walletNanos,
        hard: true,
      };
      return [
        {
          subject: { kind: 'api_key' as const, id: subject.apiKeyId },
          meter,
          window,
          anchorAt: null,
          source: { ...source, startsAt, endsAt: null },
        },
      ];
    });
    await changeQuotas(context, transaction, { organizationId, add });
  });
}

function createPlatform(url: string): Platform {
  const log = createLog('silent');
  const database = openDatabase({ url, max: 4 });
  return {
    config: readConfig({}),
    database,
    bulk: openBulkDatabase({ url }),
    replica: primaryAlone(database),
    clocks: systemClocks(() => 0),
    log,
    events: createEvents([]),
    sealer: createSealer('a secret of the bench, longer than 32 characters'),
    notifications: createNotifications(log),
  };
}

async function createOrganizations(platform: Platform, count: number): Promise<string[]> {
  const { database, clocks, config } = platform;
  const context = systemContext(platform, 'req_bench');
  const now = clocks.business();
  await ensureTransferPartitions(database, now, addDays(now, 1, 'UTC'));
  await ensureUsagePartitions(database, now, addDays(now, 1, 'UTC'));
  const ids = Array.from({ length: count }, () => newId('org', now));
  await database.transaction().execute(async (transaction) => {
    for (const id of ids) {
      await openFunds(context, transaction, id);
      await postTransfers(context, transaction, id, [
        {
          debit: 'world',
          credit: 'wallet',
          amount: { amount: walletNanos, currency: config.usageCurrency },
          kind: 'top_up',
          reference: 'bench',
        },
      ]);
    }
  });
  return ids;
}
