/**
 * What a call through the gateway costs: CPU of its process at 32 connections over 1,000 customers, and the time that it
 * adds at one connection, with authorize, settle and ledger on, beside a bare `node:http` relay in the same run. Callers,
 * upstream, relay and gateway are processes of their own; the database is the embedded one, with fsync. The last line
 * is JSON. `--seconds` and `--rounds` set the length.
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
import { makeCustomers } from './customers.ts';
import type { Flooded, Question, Target, Timed } from './load.ts';
import { type Part, startPart } from './process.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '400' },
    profile: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connections = 32;
const customerCount = 1000;
const secretKey = 'a secret of the bench, longer than 32 characters';

const dialects = ['responses', 'embeddings', 'messages', 'gemini', 'converted'] as const;

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
const parts: Part[] = [];
try {
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(26)} ${figure}`);
  console.log(JSON.stringify({ bench: 'gateway', ...figures }));
} finally {
  for (const part of parts.reverse()) await part.stop();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function start(...given: Parameters<typeof startPart>): Promise<Part> {
  const part = await startPart(...given);
  parts.push(part);
  return part;
}

async function measure() {
  const upstream = await start('./upstream.ts');
  const keys = await prepare(upstream.port);
  const bare = await start('./bare.ts', { env: { UPSTREAM_PORT: String(upstream.port) } });
  const gateway = await start('./served.ts', {
    env: {
      DATABASE_URL: postgres.url,
      SLUICE_SECRET_KEY: secretKey,
      SLUICE_DATA_DIR: dataDir,
    },
    flags: values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [],
  });
  const idleRss = (await gateway.cost()).rssBytes;
  const load = await start('./load.ts');
  const line = { load, keys };

  const chat = { ...line, asks: 'chat' } as const;
  const direct = await flood({ ...chat, part: upstream, isStream: false });
  const relayed = await flood({ ...chat, part: bare, isStream: false });
  const served = await flood({ ...chat, part: gateway, isStream: false });
  const relayedStream = await flood({ ...chat, part: bare, isStream: true });
  const servedStream = await flood({ ...chat, part: gateway, isStream: true });
  const added = await addedLatency(line, [upstream, bare, gateway]);
  const others = await cpuOfDialects(line, gateway);
  return {
    direct_rps: round(direct.rps, 0),
    bare_rps: round(relayed.rps, 0),
    relay_rps: round(served.rps, 0),
    bare_cpu_ms: round(relayed.cpuMs, 3),
    relay_cpu_ms: round(served.cpuMs, 3),
    bare_stream_cpu_ms: round(relayedStream.cpuMs, 3),
    stream_cpu_ms: round(servedStream.cpuMs, 3),
    ...others,
    ...added,
    idle_rss_mb: round(idleRss / 1e6, 0),
    rss_mb: round(Math.max(served.rssBytes, servedStream.rssBytes) / 1e6, 0),
  };
}

async function prepare(upstreamPort: number): Promise<string[]> {
  await migrate({ url: postgres.url });
  const config = readConfig({
    DATABASE_URL: postgres.url,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
  });
  const deployment = await openDeployment(config, postgres.url, createLog('warn'));
  const wanted = { url: postgres.url, count: customerCount, upstreamPort };
  const keys = await makeCustomers(deployment, wanted);
  await deployment.close();
  return keys;
}

/** CPU of a call in each of the other dialects, streamed too where it can be. */
async function cpuOfDialects(line: Line, gateway: Part): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const asks of dialects) {
    const whole = await flood({ ...line, asks, part: gateway, isStream: false });
    figures[`${asks}_cpu_ms`] = round(whole.cpuMs, 3);
    if (asks === 'embeddings') continue;
    const streamed = await flood({ ...line, asks, part: gateway, isStream: true });
    figures[`${asks}_stream_cpu_ms`] = round(streamed.cpuMs, 3);
  }
  return figures;
}

interface Line {
  load: Part;
  keys: string[];
}

/** One short flood to warm up, then the one that counts. */
async function flood({
  load,
  keys,
  part,
  ...asked
}: Line & { part: Part } & Pick<Target, 'asks' | 'isStream'>) {
  const target: Target = { port: part.port, keys, ...asked };
  const ask = (length: number) => {
    const question: Question = { kind: 'flood', target, connections, seconds: length };
    return load.ask<Flooded>(question);
  };
  await ask(Math.min(2, seconds));
  const before = await part.cost();
  const { calls, failures, seconds: took } = await ask(seconds);
  const after = await part.cost();
  if (failures > 0) throw new Error(`${failures} of ${calls} calls failed`);
  return {
    rps: calls / took,
    cpuMs: (after.cpuMs - before.cpuMs) / calls,
    rssBytes: after.rssBytes,
  };
}

async function addedLatency({ load, keys }: Line, [upstream, bare, gateway]: [Part, Part, Part]) {
  const ask = (isStream: boolean) => {
    const targets = [upstream, bare, gateway].map(({ port }) => ({
      ...{ port, keys, isStream },
      asks: 'chat' as const,
    }));
    const question: Question = { kind: 'time', targets, rounds };
    return load.ask<Timed>(question);
  };
  const [direct = 0, relayed = 0, served = 0] = (await ask(false)).wholeMs;
  const [directFirst = 0, relayedFirst = 0, servedFirst = 0] = (await ask(true)).firstMs;
  return {
    added_p50_ms: round(served - direct, 2),
    added_ttft_ms: round(servedFirst - directFirst, 2),
    bare_added_p50_ms: round(relayed - direct, 2),
    bare_added_ttft_ms: round(relayedFirst - directFirst, 2),
  };
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
