/**
 * What a payment costs beside waiting for its provider: from the customer's order to the way to the provider's page, and
 * from the notification to the acknowledgment, which follows the commit. One payment after the other through every
 * provider of the sandbox, against one server process and a database with fsync on. The last line is JSON.
 */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from '../../sandbox/src/sandbox.ts';
import { createVerifiedUser } from '../../server/src/domains/identity/index.ts';
import { changeSettings } from '../../server/src/domains/settings/index.ts';
import { type Deployment, openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { openFleet } from '../../simulation/payments/fleet.ts';
import { numberOf, readEndings } from '../../simulation/payments/judge.ts';
import { begin, createPayer, type Payer, payThere } from '../../simulation/payments/payer.ts';
import { setUpProviders } from '../../simulation/payments/providers.ts';
import type { Plan } from '../../simulation/payments/story.ts';
import { type Line, openLine } from './line.ts';

const { values } = parseArgs({ options: { payments: { type: 'string', default: '60' } } });
/** Through each provider; the first ones warm the process up and are not counted. */
const paymentsEach = Number(values.payments);
const warmUps = 5;
const secretKey = 'a secret of the bench, longer than 32 characters';
const person = { email: 'customer@example.com', password: 'correct horse battery' };
const settledWithinMs = 10_000;

interface Bench {
  line: Line;
  deployment: Deployment;
  payer: Payer;
  providers: string[];
  directUrl: string;
}

interface Cost {
  startMs: number;
  settleMs: number;
}

const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-bench-'));
chmodSync(dataDir, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  await migrate({ url: postgres.url });
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${figure}`);
  console.log(JSON.stringify({ bench: 'payments', ...figures }));
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure() {
  const line = await openLine();
  const sandbox = await startSandbox({ port: 0, smtpPort: 0, publicUrl: line.url, dataDir });
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_PUBLIC_URL: line.url,
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('error'));
  const context = deployment.context();
  await changeSettings(context, { payment_notifications_per_hour: 1_000_000 });
  const providers = await setUpProviders(context, sandbox, line.url);
  await createVerifiedUser(context, { ...person, name: 'A typical customer' });
  const place = { databaseUrl: postgres.url, publicUrl: line.url, secretKey };
  const fleet = await openFleet(1, place);
  line.leadTo({ server: fleet.ports()[0] ?? 0, sandbox: sandbox.port });
  const payer = createPayer(line.url, person);
  const directUrl = `http://127.0.0.1:${sandbox.port}`;
  try {
    return figuresOf(await payAll({ line, deployment, payer, providers, directUrl }));
  } finally {
    await fleet.close();
    await sandbox.close();
    await deployment.close();
    line.close();
  }
}

async function payAll(bench: Bench): Promise<Cost[]> {
  const costs: Cost[] = [];
  let index = 0;
  for (const provider of bench.providers) {
    const own: Cost[] = [];
    for (let round = 0; round < paymentsEach + warmUps; round += 1) {
      index += 1;
      own.push(await payOnce(bench, { provider, index }));
    }
    const counted = own.slice(warmUps);
    costs.push(...counted);
    const startMs = quantile(
      counted.map((cost) => cost.startMs),
      0.95,
    );
    const settleMs = quantile(
      counted.map((cost) => cost.settleMs),
      0.95,
    );
    console.log(`${provider}: start ${startMs} ms, settle ${settleMs} ms (p95)`);
  }
  return costs;
}

async function payOnce(
  { line, deployment, payer, directUrl }: Bench,
  { provider, index }: { provider: string; index: number },
): Promise<Cost> {
  const { database } = deployment.platform;
  const plan: Plan = {
    ...{ index, provider, customer: 0, amountMinor: BigInt(1_000 + index) },
    ends: 'paid',
    isSilent: false,
  };
  const before = line.watch();
  const startedMs = performance.now();
  const begun = await begin(payer, plan);
  const tookMs = performance.now() - startedMs;
  const started = line.watch();
  const number = await numberOf(database, begun.paymentId);
  await payThere(plan, { ...begun, number }, { directUrl, lineUrl: line.url });
  await settled(database, begun.paymentId);
  // A provider may tell of one payment in several notifications: all of them are its cost.
  await line.quiet();
  const ended = line.watch();
  return {
    startMs: tookMs - (started.askedMs - before.askedMs),
    settleMs: ended.toldMs - started.toldMs - (ended.askedMs - started.askedMs),
  };
}

async function settled(
  database: Parameters<typeof readEndings>[0],
  paymentId: string,
): Promise<void> {
  const deadlineMs = performance.now() + settledWithinMs;
  while ((await readEndings(database)).get(paymentId)?.status !== 'succeeded') {
    if (performance.now() > deadlineMs) throw new Error(`payment ${paymentId} was not settled`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function figuresOf(costs: readonly Cost[]) {
  const start = costs.map(({ startMs }) => startMs);
  const settle = costs.map(({ settleMs }) => settleMs);
  const whole = costs.map(({ startMs, settleMs }) => startMs + settleMs);
  return {
    payments: costs.length,
    start_p50_ms: quantile(start, 0.5),
    start_p95_ms: quantile(start, 0.95),
    settle_p50_ms: quantile(settle, 0.5),
    settle_p95_ms: quantile(settle, 0.95),
    p95_ms: quantile(whole, 0.95),
  };
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Number((sorted[at] ?? 0).toFixed(1));
}
