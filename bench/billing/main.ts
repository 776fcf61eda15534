/**
 * What billing takes: invoices and audit entries read through the API over 100,000 invoices, and invoices printed. Each
 * is asked over HTTP of one server process, one question after the other. The last line is JSON. `--quick` makes and
 * asks little; `--profile` names a folder for the server's profile.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { type Part, startPart } from '../gateway/process.ts';
import { type Asker, documentsOf, type Kind, questionsOf } from './questions.ts';
import type { Answered, Question } from './reads.ts';
import { makeWorld, type Person, type World } from './world.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
});
const secretKey = 'a secret of the bench, longer than 32 characters';
const size = values.quick
  ? { invoices: 5000, rounds: 10, documents: 20 }
  : { invoices: 100_000, rounds: 200, documents: 150 };
const warmUpRounds = 5;

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
const parts: Part[] = [];
try {
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${figure}`);
  console.log(JSON.stringify({ bench: 'billing', ...figures }));
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
  const startedMs = performance.now();
  const world = await makeWorld(deployment, { url: postgres.url, invoices: size.invoices });
  await deployment.close();
  console.log(
    `made ${size.invoices} invoices in ${Math.round((performance.now() - startedMs) / 1000)} s`,
  );
  const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
  const server = await startPart('./served.ts', { env, flags });
  const reader = await startPart('../billing/reads.ts');
  parts.push(server, reader);
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
