/**
 * What billing takes: a run over 10,000 subscriptions, invoices and audit entries read through the API over 100,000
 * invoices, and invoices printed. What is read and printed is asked over HTTP of one server process, one question after
 * the other. The last line is JSON. `--quick` makes and asks little; `--profile` names a folder for the processes'
 * profiles.
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
import { type Asker, documentsOf, type Kind, questionsOf } from './questions.ts';
import type { Answered, Question } from './reads.ts';
import type { Ran } from './runs.ts';
import { makeWorld, type Person, type World } from './world.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
});
const secretKey = 'a secret of the bench, longer than 32 characters';
const size = values.quick
  ? { subscriptions: 300, invoices: 5000, rounds: 10, documents: 20 }
  : { subscriptions: 10_000, invoices: 100_000, rounds: 200, documents: 150 };
const warmUpRounds = 5;

const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
const figures = { ...(await onDatabase(runOver)), ...(await onDatabase(readAndPrint)) };
for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${figure}`);
console.log(JSON.stringify({ bench: 'billing', ...figures }));

interface Place {
  url: string;
  env: Record<string, string>;
  start(file: string): Promise<Part>;
}

/** A database of its own with fsync on, and whatever was started on it ends with it. */
async function onDatabase<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const parts: Part[] = [];
  try {
    await migrate({ url: postgres.url });
    const env = {
      DATABASE_URL: postgres.url,
      SLUICE_SECRET_KEY: secretKey,
      SLUICE_DATA_DIR: dataDir,
    };
    const start = async (file: string) => {
      const part = await startPart(file, { env, flags });
      parts.push(part);
      return part;
    };
    return await work({ url: postgres.url, env, start });
  } finally {
    for (const part of parts.reverse()) await part.stop();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function runOver({ url, start }: Place) {
  const { subscriptions } = size;
  const biller = await start('../billing/runs.ts');
  const made = await biller.ask<Ran>({ subscriptions });
  console.log(`made ${subscriptions} subscriptions in ${Math.round(made.seconds)} s`);
  const before = await biller.cost();
  const { seconds } = await biller.ask<Ran>({});
  const after = await biller.cost();
  await requireBilled(url, subscriptions);
  return {
    subscriptions,
    invoices_per_s: Math.round(subscriptions / seconds),
    run_s: round(seconds),
    run_cpu_share: Math.round((after.cpuMs - before.cpuMs) / seconds / 10) / 100,
  };
}

/** Every subscription was invoiced once for its use and its next month, and paid. */
async function requireBilled(url: string, subscriptions: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::integer as paid
     from (
       select reference
       from invoicing_invoices i
       join invoicing_lines l on l.invoice_id = i.id
       where i.status = 'paid' and l.kind = 'usage'
       group by reference
       having count(distinct i.id) = 1 and count(*) >= 2
     ) billed`,
  );
  await client.end();
  if (rows[0].paid !== subscriptions) {
    throw new Error(`${subscriptions} were due, and ${rows[0].paid} were billed and paid once`);
  }
}

async function readAndPrint({ url, env, start }: Place) {
  const deployment = await openDeployment(readConfig(env), url, createLog('warn'));
  const startedMs = performance.now();
  const world = await makeWorld(deployment, { url, invoices: size.invoices });
  await deployment.close();
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`made ${size.invoices} invoices in ${seconds} s`);
  const server = await start('./served.ts');
  const reader = await start('../billing/reads.ts');
  const tokens = await signIn(server.port, world);
  const ask = (asker: Asker, paths: string[]) => {
    const question: Question = { port: server.port, token: tokens[asker], paths };
    return reader.ask<Answered>(question);
  };
  return {
    invoices: size.invoices,
    ...(await read(world, ask)),
    ...(await print(world, ask, server)),
  };
}

type Ask = (asker: Asker, paths: string[]) => Promise<Answered>;

/** Every kind alone, for whoever looks for the slow one; the figures are over all kinds of a figure. */
async function read(world: World, ask: Ask) {
  const tookMs: Record<Kind['figure'], number[]> = { list: [], detail: [], audit: [] };
  for (const { name, asker, figure, path } of questionsOf(world)) {
    await ask(
      asker,
      rounds(warmUpRounds, (round) => path(round + 1)),
    );
    const answered = await ask(asker, rounds(size.rounds, path));
    tookMs[figure].push(...answered.tookMs);
    const quantiles = [0.5, 0.95].map((part) => quantile(answered.tookMs, part).toFixed(1));
    console.log(
      `${figure.padEnd(7)} ${asker.padEnd(9)} ${name.padEnd(38)} ${quantiles.join('  ')} ms`,
    );
  }
  return {
    list_p50_ms: quantile(tookMs.list, 0.5),
    list_p95_ms: quantile(tookMs.list, 0.95),
    detail_p50_ms: quantile(tookMs.detail, 0.5),
    detail_p95_ms: quantile(tookMs.detail, 0.95),
    audit_p50_ms: quantile(tookMs.audit, 0.5),
    audit_p95_ms: quantile(tookMs.audit, 0.95),
  };
}

/** By the server's CPU, not the clock: what one core prints that does nothing else. */
async function print(world: World, ask: Ask, server: Part) {
  const path = documentsOf(world);
  await ask('operator', rounds(warmUpRounds, path));
  const before = await server.cost();
  const { tookMs, bytes } = await ask('operator', rounds(size.documents, path));
  const after = await server.cost();
  return {
    pdfs_per_core_s: round((size.documents * 1000) / (after.cpuMs - before.cpuMs)),
    pdf_p50_ms: quantile(tookMs, 0.5),
    pdf_p95_ms: quantile(tookMs, 0.95),
    pdf_kb: round(bytes / size.documents / 1000),
  };
}

async function signIn(port: number, { customer, operator }: World): Promise<Record<Asker, string>> {
  const tokenOf = async ({ email, password }: Person) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: email, password }),
    });
    const session = (await answer.json()) as { access_token?: string };
    if (session.access_token === undefined)
      throw new Error(`no session: ${JSON.stringify(session)}`);
    return session.access_token;
  };
  return { customer: await tokenOf(customer), operator: await tokenOf(operator) };
}

function rounds(count: number, path: (round: number) => string): string[] {
  return Array.from({ length: count }, (_, round) => path(round));
}

function quantile(tookMs: readonly number[], part: number): number {
  const sorted = tookMs.toSorted((a, b) => a - b);
  return round(sorted[Math.floor(sorted.length * part)] ?? 0);
}

function round(figure: number): number {
  return Math.round(figure * 10) / 10;
}
