/**
 * How long questions about usage take over ten million events: an organization's, as its pages and its API ask them,
 * and an operator's over all organizations. Each is asked of the operations that the API serves, one after the other. The
 * last line is JSON; `p95_ms` is over the organizations' questions. `--events` sets the size. `--customers` measures
 * instead how fast operators find one among so many organizations, `--team` how fast one that made so many calls in a month
 * splits them by member and cost center.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findMetersById, type Meter } from '../../server/src/domains/catalog/index.ts';
import { sumMeterUsage, sumUsage } from '../../server/src/domains/metering/index.ts';
import { openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import type { Database } from '../../server/src/platform/database/pool.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { startOfDay, startOfNextDay } from '../../server/src/platform/time.ts';
import { askCustomers, customerQuestions, makeCustomers } from './customers.ts';
import { makeTeam, teamQuestions } from './team.ts';
import { days, makeWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '60' },
    customers: { type: 'string' },
    team: { type: 'string' },
  },
});
const timeZone = 'Asia/Shanghai';
const dayMs = 86_400_000;
const secretKey = 'a secret of the bench, longer than 32 characters';

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  const figures = await chosen();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${figure}`);
  console.log(JSON.stringify({ bench: 'queries', ...figures }));
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

function chosen(): Promise<Record<string, number>> {
  if (values.team !== undefined) return measureTeam(Number(values.team));
  return values.customers === undefined ? measure() : measureCustomers();
}

/** What one large organization asks about its own members and cost centers. */
async function measureTeam(calls: number) {
  await migrate({ url: postgres.url });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await makeTeam(client, calls);
  await client.end();
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('error'));
  const to = startOfNextDay(new Date(), 'UTC');
  const bounds = { from: startOfDay(new Date(to.getTime() - 30 * dayMs), 'UTC'), to };
  const taken = await ask(teamQuestions(deployment.platform.database, bounds));
  await deployment.close();
  return { calls, split_p50_ms: quantile(taken, 0.5), split_p95_ms: quantile(taken, 0.95) };
}

async function measure() {
  await migrate({ url: postgres.url });
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('error'));
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const startedMs = performance.now();
  const world = await makeWorld(client, Number(values.events));
  await client.end();
  console.log(`made ${world.events} events in ${seconds(performance.now() - startedMs)} s`);
  const { database } = deployment.platform;
  const meters = await findMetersById(database, ['mtr_analyses', 'mtr_pages', 'mtr_seats']);
  const own = await ask(ownQuestions(database, world, [...meters.values()]));
  const all = await ask(operatorQuestions(database, [...meters.values()]));
  await deployment.close();
  return {
    events: world.events,
    p50_ms: quantile(own, 0.5),
    p95_ms: quantile(own, 0.95),
    operator_p50_ms: quantile(all, 0.5),
    operator_p95_ms: quantile(all, 0.95),
  };
}

/** Finding one among so many. */
async function measureCustomers() {
  const organizations = Number(values.customers);
  await migrate({ url: postgres.url });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const startedMs = performance.now();
  await makeCustomers(client, organizations);
  await client.end();
  console.log(`made ${organizations} organizations in ${seconds(performance.now() - startedMs)} s`);
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('error'));
  const questions = customerQuestions(deployment.context(), organizations);
  const times = await askCustomers(questions, Number(values.rounds));
  await deployment.close();
  for (const [kind, taken] of times) {
    console.log(
      `${kind.padEnd(28)} p50 ${quantile(taken, 0.5)} ms, p95 ${quantile(taken, 0.95)} ms`,
    );
  }
  const all = [...times.values()].flat().sort((a, b) => a - b);
  const slowest = Math.max(...[...times.values()].map((taken) => quantile(taken, 0.95)));
  return {
    organizations,
    search_p50_ms: quantile(all, 0.5),
    search_p95_ms: quantile(all, 0.95),
    search_slowest_kind_p95_ms: slowest,
  };
}

type Question = (round: number) => Promise<unknown[]>;

/** The last so many days, today included. */
function lastDays(count: number) {
  const to = startOfNextDay(new Date(), timeZone);
  return { from: startOfDay(new Date(to.getTime() - count * dayMs), timeZone), to, timeZone };
}

function ownQuestions(database: Database, world: World, meters: Meter[]): Question[] {
  const of = (round: number) => ({
    organizationId: world.organizations[(round * 37) % world.organizations.length],
  });
  const calls = { ...lastDays(30), interval: 'day' } as const;
  const quarter = { ...lastDays(days), interval: 'month' } as const;
  const hours = { ...lastDays(7), interval: 'hour' } as const;
  return [
    (round) => sumUsage(database, { ...of(round), ...calls, groups: [] }),
    (round) => sumUsage(database, { ...of(round), ...calls, groups: ['model'] }),
    (round) => sumUsage(database, { ...of(round), ...calls, groups: ['model', 'api_key', 'tag'] }),
    (round) => sumUsage(database, { ...of(round), ...quarter, groups: ['api_key'] }),
    (round) => sumUsage(database, { ...of(round), ...hours, groups: ['model'] }),
    ...meters.flatMap((meter): Question[] => [
      (round) => sumMeterUsage(database, meter, { ...of(round), ...calls, groups: [] }),
      (round) => sumMeterUsage(database, meter, { ...of(round), ...hours, groups: ['tag'] }),
    ]),
  ];
}

function operatorQuestions(database: Database, meters: Meter[]): Question[] {
  const all = { organizationId: undefined };
  const week = { ...lastDays(7), interval: 'day' } as const;
  const month = { ...lastDays(30), interval: 'day' } as const;
  return [
    () => sumUsage(database, { ...all, ...week, groups: [] }),
    () => sumUsage(database, { ...all, ...month, groups: ['model'] }),
    ...meters.map(
      (meter): Question =>
        () =>
          sumMeterUsage(database, meter, { ...all, ...week, groups: ['application'] }),
    ),
  ];
}

async function ask(questions: readonly Question[]): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const question of questions) {
      const startedMs = performance.now();
      const points = await question(round);
      tookMs.push(performance.now() - startedMs);
      if (points.length === 0) throw new Error('a question had no answer');
    }
  }
  return tookMs.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10;
}

function seconds(milliseconds: number): string {
  return String(Math.round(milliseconds / 1000));
}
