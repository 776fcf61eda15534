/**
 * How many events of usage one server process takes in a second: batches of 1,000 over HTTP with five in a hundred
 * repeated, durable before they are answered, with sums by hour and day kept. Reporter, server and PostgreSQL share the
 * machine; fsync is on. The last line is JSON. `--seconds` and `--connections` set the load.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { type Part, startPart } from '../gateway/process.ts';
import type { Question, Reported } from './load.ts';
import { makeWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '4' },
    profile: { type: 'string' },
  },
});
const secretKey = 'a secret of the bench, longer than 32 characters';
const warmUpSeconds = 3;

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
const parts: Part[] = [];
try {
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${figure}`);
  console.log(JSON.stringify({ bench: 'ingest', ...figures }));
} finally {
  for (const part of parts.reverse()) await part.stop();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure() {
  const env = {
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
  };
  await migrate({ url: postgres.url });
  const deployment = await openDeployment(readConfig(env), postgres.url, createLog('warn'));
  const world = await makeWorld(deployment, postgres.url);
  await deployment.close();
  const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
  const server = await startPart('./served.ts', { env, flags });
  parts.push(server);
  const load = await startPart('../ingest/load.ts');
  parts.push(load);
  const report = (seconds: number) => {
    const connections = Number(values.connections);
    const question: Question = { port: server.port, ...world, connections, seconds };
    return load.ask<Reported>(question);
  };
  const warm = await report(warmUpSeconds);
  const before = await server.cost();
  const measured = await report(Number(values.seconds));
  const cost = await server.cost();
  await requireAgreement(warm.accepted + measured.accepted);
  if (measured.refused > 0) throw new Error(`${measured.refused} events were refused`);
  return {
    events_per_s: Math.round(measured.accepted / measured.seconds),
    duplicates: measured.duplicates,
    p50_ms: Math.round(measured.p50Ms),
    p99_ms: Math.round(measured.p99Ms),
    server_cpu_share: Math.round((cost.cpuMs - before.cpuMs) / measured.seconds / 10) / 100,
  };
}

/** What was answered as accepted, what is kept, and what the sums say are one number. */
async function requireAgreement(accepted: number): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query(
    `select
       (select count(*) from metering_events) as kept,
       (select sum(events) from metering_quantities_hourly) as hourly,
       (select sum(events) from metering_quantities_daily) as daily`,
  );
  await client.end();
  for (const [name, count] of Object.entries(rows[0])) {
    if (Number(count) !== accepted) throw new Error(`${accepted} were accepted, ${name}: ${count}`);
  }
}
