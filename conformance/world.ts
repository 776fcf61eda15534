/** One real PostgreSQL for all examples that need one: it starts with the first of them. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../server/src/domains/access/index.ts';
import { ensureTransferPartitions } from '../server/src/domains/ledger/index.ts';
import { ensureUsagePartitions } from '../server/src/domains/metering/index.ts';
import { readConfig } from '../server/src/platform/config.ts';
import type { Platform } from '../server/src/platform/context.ts';
import { createSealer } from '../server/src/platform/crypto.ts';
import { openBulkDatabase } from '../server/src/platform/database/bulk.ts';
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/src/platform/database/embedded.ts';
import { migrate } from '../server/src/platform/database/migrate.ts';
import { openDatabase } from '../server/src/platform/database/pool.ts';
import { primaryAlone } from '../server/src/platform/database/replica.ts';
import { createEvents } from '../server/src/platform/events.ts';
import { createLog } from '../server/src/platform/log.ts';
import { createNotifications } from '../server/src/platform/notifications.ts';
import { addDays, systemClocks } from '../server/src/platform/time.ts';
import { type Funds, type Given, openCustomer } from './funds.ts';
import { type Metered, openMeter } from './meters.ts';

interface World {
  customer(given: Given): Promise<Funds>;
  meter(terms: Parameters<typeof openMeter>[1]): Promise<Metered>;
  close(): Promise<void>;
}

let opened: Promise<World> | undefined;

/** A customer with funds. */
export async function customer(given: Given): Promise<Funds> {
  opened ??= openWorld();
  return (await opened).customer(given);
}

/** A meter of an application, and a customer who uses it. */
export async function meter(terms: Parameters<typeof openMeter>[1]): Promise<Metered> {
  opened ??= openWorld();
  return (await opened).meter(terms);
}

/** Stops the database, if an example has started it. */
export async function closeWorld(): Promise<void> {
  await (await opened)?.close();
}

async function openWorld(): Promise<World> {
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-conformance-'));
  // Open to passage, so that PostgreSQL's user reaches its own folder in it.
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir });
  await migrate({ url: server.url });
  let offsetMs = 0;
  const platform = createPlatform(server.url, () => offsetMs);
  const advance = (ms: number) => {
    offsetMs += ms;
  };
  const access = createAccess(platform, { url: server.url });
  const now = platform.clocks.business();
  await ensureTransferPartitions(platform.database, now, addDays(now, 40, 'UTC'));
  await ensureUsagePartitions(platform.database, now, addDays(now, 40, 'UTC'));
  return {
    customer: (given) => openCustomer({ platform, access, advance }, given),
    meter: (terms) => openMeter(platform, terms),
    async close() {
      await access.close();
      await platform.database.destroy();
      await server.stop();
      await destroyEmbeddedPostgres(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function createPlatform(url: string, offsetMs: () => number): Platform {
  const log = createLog('silent');
  const database = openDatabase({ url, max: 4 });
  return {
    config: readConfig({}),
    database,
    bulk: openBulkDatabase({ url }),
    replica: primaryAlone(database),
    clocks: systemClocks(offsetMs),
    log,
    events: createEvents([]),
    sealer: createSealer('a secret of the examples, longer than 32 characters'),
    notifications: createNotifications(log),
  };
}
