/**
 * How long an operator waits for each report of a company of two years: 100,000 organizations, and 50 million calls as the
 * sums that are kept of them. Each is asked of the operation that the API serves, one after the other, with the months that
 * its page shows. The last line is JSON; `worst_p95_ms` is of the slowest report. `--quick` is a tenth of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import {
  listMrrMovements,
  readBadDebtReport,
  readChurnReport,
  readMarginReport,
  readMrrReport,
  readPaymentsReport,
  readRevenueReport,
  readUsageReport,
} from '../../server/src/domains/reports/index.ts';
import { openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import type { Context } from '../../server/src/platform/context.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { jobs } from '../../server/src/wiring/jobs.ts';
import { lastKept, makeCompany, now } from './world.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const size = values.quick
  ? { organizations: 10_000, calls: 5_000_000 }
  : { organizations: 100_000, calls: 50_000_000 };
const rounds = Number(values.rounds ?? (values.quick ? 3 : 20));
const boundMs = 1000;

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(28)} ${figure}`);
  console.log(JSON.stringify({ bench: 'reports', ...figures }));
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(): Promise<Record<string, number>> {
  await migrate({ url: postgres.url });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const startedMs = performance.now();
  await makeCompany(client, size).finally(() => client.end());
  console.log(
    `made ${size.organizations} organizations in ${Math.round((performance.now() - startedMs) / 1000)} s`,
  );
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: 'a secret of the bench, longer than 32 characters',
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('error'));
  // The company stands still on its last day.
  const at = (instant: Date) => ({ wall: () => instant, business: () => instant });
  await keepSums({ ...deployment.context(), clocks: at(lastKept) });
  await tidyUp();
  const taken = await ask({ ...deployment.context(), clocks: at(now) });
  await deployment.close();
  const figures: Record<string, number> = { ...size };
  for (const [name, times] of taken) figures[`${name}_p95_ms`] = quantile(times, 0.95);
  const worst = Math.max(...[...taken.values()].map((times) => quantile(times, 0.95)));
  return { ...figures, worst_p95_ms: worst, below_bound: worst < boundMs ? 1 : 0 };
}

/** As PostgreSQL does by itself within a minute of such a change. */
async function tidyUp(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client
    .query('vacuum ledger_revenue_to_date, metering_margins_to_date')
    .finally(() => client.end());
}

/** As the service does each hour. */
async function keepSums(context: Context): Promise<void> {
  for (const { name, run } of jobs) {
    if (/keep_sums|keep_margins/.test(name)) await run(context, {});
  }
}

function reports(context: Context): [name: string, read: () => Promise<unknown>][] {
  const format = 'json' as const;
  const months = { format, interval: 'month' as const };
  const month = { format, from: '2026-11', to: '2026-11', order: 'most' as const };
  const year = { format, order: 'most' as const };
  const least = { format, order: 'least_margin' as const };
  return [
    ['revenue', () => readRevenueReport(context, months)],
    ['revenue_by_day', () => readRevenueReport(context, { format, interval: 'day' })],
    ['mrr', () => readMrrReport(context, { format })],
    ['movements', () => listMrrMovements(context, { limit: 50 })],
    ['churn', () => readChurnReport(context, { format })],
    ['usage', () => readUsageReport(context, months)],
    ['margin_by_model', () => readMarginReport(context, { ...year, by: 'model' })],
    ['margin_by_channel', () => readMarginReport(context, { ...year, by: 'channel' })],
    ['margin_by_customer', () => readMarginReport(context, { ...year, by: 'customer' })],
    ['margin_by_least_customer', () => readMarginReport(context, { ...least, by: 'customer' })],
    ['margin_of_a_month', () => readMarginReport(context, { ...month, by: 'customer' })],
    ['bad_debt', () => readBadDebtReport(context, { format })],
    ['payments', () => readPaymentsReport(context, months)],
  ];
}

async function ask(context: Context): Promise<Map<string, number[]>> {
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, read] of reports(context)) {
      const startedMs = performance.now();
      await read();
      taken.set(name, [...(taken.get(name) ?? []), performance.now() - startedMs]);
    }
  }
  for (const times of taken.values()) times.sort((a, b) => a - b);
  return taken;
}

function quantile(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10;
}
