/**
 * The machine is lost under load. From the folder of backups alone the database comes back as it was some while before:
 * with everything that was acknowledged by then, and nothing that began after it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Customer,
  done,
  newCustomer,
  newKey,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { query } from '../database.ts';
import { call, offerModelPerCall } from '../gateway.ts';
import { type Ended, runCommand, type ServerProcess, startServer } from '../server.ts';

const model = 'fixed-price';
const callers = 8;
const loadMs = 75_000;
/** So long before the end of the load lies the time that is wanted back. */
const backMs = 60_000;
const commandLine = new URL('../../server/src/cli/main.ts', import.meta.url).pathname;

let backups: string;
let environment: Record<string, string>;
let server: ServerProcess;
let operator: Client;
let customer: Customer;
let key: string;
const running: ServerProcess[] = [];

/** Something that a caller was told is done. */
interface Done {
  id: string;
  begunAt: number;
  toldAt: number;
}

beforeAll(async () => {
  backups = mkdtempSync(join(tmpdir(), 'sluice-backups-'));
  environment = {
    SLUICE_BACKUP_DIR: backups,
    SLUICE_SECRET_KEY: 'the key of a deployment that is restored',
  };
  server = await startServer({ environment });
  running.push(server);
  operator = await signIn(server, server.operator);
  customer = await newCustomer(server);
  await payIn(operator, customer.organization, '1000.00');
  key = await newKey(customer.client);
  await offerModelPerCall(operator, { model, price: '0.01' });
});
afterAll(async () => {
  for (const one of running) await one.dispose();
  rmSync(backups, { recursive: true, force: true });
});

async function timed(work: () => Promise<string>): Promise<Done> {
  const begunAt = Date.now();
  const id = await work();
  return { id, begunAt, toldAt: Date.now() };
}

async function callOnce(): Promise<string> {
  const { status, requestId } = await call(server, { key, model });
  if (status !== 200) throw new Error(`A call was answered ${status}.`);
  return requestId;
}

/** Money comes in, and an invoice says so. */
async function topUp(): Promise<string> {
  const note = 'Bank transfer';
  const { organization } = customer;
  const payment = await done(
    operator.post('/api/v1/admin/payments/manual', {
      organization,
      amount: '1.00',
      currency: 'USD',
      note,
    }),
  );
  return /inv_\w+/.exec(JSON.stringify(payment))?.[0] ?? '';
}

async function load(forMs: number): Promise<{ calls: Done[]; invoices: Done[] }> {
  const end = Date.now() + forMs;
  const calls: Done[] = [];
  const invoices: Done[] = [];
  const busy = Array.from({ length: callers }, async () => {
    while (Date.now() < end) calls.push(await timed(callOnce));
  });
  const paying = (async () => {
    while (Date.now() < end) {
      invoices.push(await timed(topUp));
      await sleep(100);
    }
  })();
  await Promise.all([...busy, paying]);
  return { calls, invoices };
}

/** Restores into the empty data folder of a server, then starts it there. */
async function startRestored(to: Date): Promise<{ restored: ServerProcess; said: Ended }> {
  let said: Ended = { code: null, output: '' };
  const restored = await startServer({
    environment,
    prepare(dataDir) {
      const env = { PATH: process.env.PATH, ...environment, SLUICE_DATA_DIR: dataDir };
      const words = [commandLine, 'restore', '--to', to.toISOString()];
      const { status, stdout, stderr } = spawnSync(process.execPath, words, { env });
      said = { code: status, output: `${stdout}${stderr}` };
    },
  });
  running.push(restored);
  return { restored, said };
}

/** What it says to somebody who has not the key. */
async function restoreWithout({
  SLUICE_SECRET_KEY: _key,
  ...others
}: Record<string, string>): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-keyless-'));
  const { code, output } = await runCommand(['restore'], { ...others, SLUICE_DATA_DIR: dataDir });
  rmSync(dataDir, { recursive: true, force: true });
  expect(code).toBe(1);
  return output;
}

/** Those told before the time, and those begun after it. What was under way then may be there or not. */
function split(all: readonly Done[], at: Date) {
  return {
    before: all.filter(({ toldAt }) => toldAt < at.getTime()).map(({ id }) => id),
    after: all.filter(({ begunAt }) => begunAt > at.getTime()).map(({ id }) => id),
  };
}

async function idsOf(which: ServerProcess, table: string, column: string): Promise<Set<unknown>> {
  const rows = await query(which, `select ${column} as id from ${table}`);
  return new Set(rows.map(({ id }) => id));
}

async function expectAsAt(
  restored: ServerProcess,
  at: Date,
  { calls, invoices }: { calls: Done[]; invoices: Done[] },
): Promise<void> {
  const tables = [
    [calls, 'metering_usage', 'request_id'],
    [invoices, 'invoicing_invoices', 'id'],
  ] as const;
  for (const [all, table, column] of tables) {
    const { before, after } = split(all, at);
    expect(before.length).toBeGreaterThan(10);
    expect(after.length).toBeGreaterThan(10);
    const there = await idsOf(restored, table, column);
    expect(before.filter((id) => !there.has(id))).toEqual([]);
    expect(after.filter((id) => there.has(id))).toEqual([]);
  }
}

const basesIn = () => readdirSync(join(backups, 'base')).filter((name) => !name.includes('.'));

/** How far the changes are safe, on one timeline. */
function reachedAt(timeline: number): number {
  const file = join(backups, 'wal', `reach-0000000${timeline}.json`);
  return new Date(JSON.parse(readFileSync(file, 'utf8')).at).getTime();
}

describe('a machine that is lost under load', () => {
  let done: { calls: Done[]; invoices: Done[] };
  let back: Date;
  let restored: ServerProcess;

  test('comes back as it was a minute before', async () => {
    await until(async () => basesIn().length === 1, { limitMs: 60_000 });
    await sleep(2000);
    done = await load(loadMs);
    back = new Date(Date.now() - backMs);
    await until(async () => reachedAt(1) > back.getTime() + backMs);
    const postgres = server.postgresPid() as number;
    await server.kill9();
    process.kill(postgres, 'SIGKILL');

    const { restored: again, said } = await startRestored(back);
    restored = again;
    expect(await restoreWithout(environment)).toContain('set is');
    expect(said.output).toContain('its ledger and its audit log are whole');
    expect(said.code).toBe(0);
    await expectAsAt(restored, back, done);
  });

  test('goes on from there: sessions, keys and books are good', async () => {
    expect((await call(restored, { key, model })).status).toBe(200);
    const again = await signIn(restored, customer);
    expect((await again.get('/api/v1/billing/wallet')).status).toBe(200);
    for (const books of ['ledger', 'audit']) {
      const { code, output } = await runCommand([books, 'verify'], restored.environment);
      expect(output).toMatch(/is (clean|whole)/);
      expect(code).toBe(0);
    }
  });

  test('has a backup of its own line at once, and any time of either can be had', async () => {
    await until(async () => basesIn().length === 2, { limitMs: 60_000 });
    const { requestId } = await call(restored, { key, model });
    await sleep(10);
    const later = new Date();
    await until(async () => reachedAt(2) > later.getTime());
    const { output, code } = await runCommand(['backup', 'verify'], restored.environment);
    expect(output).toContain('All 2 backups are whole');
    expect(code).toBe(0);
    await restored.stop();

    const onNewLine = await startRestored(later);
    expect(onNewLine.said.code).toBe(0);
    const calls = await idsOf(onNewLine.restored, 'metering_usage', 'request_id');
    expect(calls.has(requestId)).toBe(true);
    await onNewLine.restored.stop();

    const abandoned = new Date(back.getTime() + backMs / 2);
    const onOldLine = await startRestored(abandoned);
    expect(onOldLine.said.code).toBe(0);
    await expectAsAt(onOldLine.restored, abandoned, done);
  });
});
