/** The parts of a process, for tests of operations: a real database, clocks that a test moves, and no listeners. */
import { type Config, readConfig } from '../config.ts';
import { type Context, type Platform, systemContext } from '../context.ts';
import { createSealer } from '../crypto.ts';
import { primaryAlone } from '../database/replica.ts';
import { createEvents, type Listener } from '../events.ts';
import { createLog } from '../log.ts';
import { createNotifications } from '../notifications.ts';
import { type FakeClocks, fakeClocks } from './clock.ts';
import type { TestDatabase } from './database.ts';

export interface TestPlatform extends Platform {
  clocks: FakeClocks;
}

export interface TestPlatformOptions {
  config?: Partial<Config>;
  listeners?: readonly Listener[];
  clocks?: FakeClocks;
}

export function testPlatform(db: TestDatabase, options: TestPlatformOptions = {}): TestPlatform {
  const log = createLog('silent');
  return {
    config: {
      ...readConfig({}),
      databaseUrl: db.url,
      databaseDirectUrl: db.url,
      ...options.config,
    },
    database: db.database,
    bulk: db.bulk,
    replica: primaryAlone(db.database),
    clocks: options.clocks ?? fakeClocks(),
    log,
    notifications: createNotifications(log),
    events: createEvents(options.listeners ?? []),
    sealer: createSealer('a secret of the tests, longer than 32 characters'),
  };
}

/** A context of the system on that platform. */
export function testContext(platform: Platform): Context {
  return systemContext(platform, 'req_test');
}
