/** Files of calls: whole and provable, whoever stops, dies or is at them at once. */
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { readCsvRecord } from '../../platform/csv.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { type Access, createAccess } from '../access/index.ts';
import {
  type AccessFixture,
  createAccessFixture,
  settleOf,
} from '../access/testkit/access-fixture.ts';
import { ensureAuditPartitions } from '../audit/index.ts';
import { createMeterBook, createModelPrice } from '../catalog/index.ts';
import {
  findOperationShown,
  resumeOperation,
  runJobsOnce,
  stopOperation,
  takeUpOperation,
} from '../jobs/index.ts';
import { addPart } from './exports-store.ts';
import { chargeFor, meteringJobs, registerMetering, verifyReceipts } from './index.ts';
import { callExports, makeExport, makeLeftExports } from './operations/make-export.ts';

const callsEach = 11;
const steps = { callsPerPart: 4, callsPerLook: 3 };
let db: TestDatabase;
let platform: TestPlatform;
let fixture: AccessFixture;
let access: Access;
let app: FastifyInstance;
let organizations: [string, string];
/** Every call, newest first. */
let calls: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-11T06:00:00Z') });
  fixture = await createAccessFixture(platform);
  access = createAccess(platform, { url: db.url });
  const now = platform.clocks.wall();
  await ensureAuditPartitions(db.database, now, now);
  organizations = [
    await fixture.organization(9_000_000_000n),
    await fixture.organization(9_000_000_000n),
  ];
  for (const model of ['one', 'other']) {
    const price = await createModelPrice(testContext(platform), {
      ...{ model, prices: { input: '3', output: '3' } },
    });
    const usage = { ...plainUsage, inputTokens: model === 'one' ? 10 : 20 };
    const amount = chargeFor(price, usage);
    for (let number = 0; number < callsEach; number += 1) {
      const command = fixture.call(organizations[number % 2] as string, amount, {
        ...{ model, priceId: price.id },
      });
      await access.authorize(command);
      const details = { multiplierMillionths: 1_000_000n, costNanos: 7n, attempts: 1 };
      await access.settle({ ...settleOf(command, amount), usage, details });
      calls.push(command.requestId);
    }
  }
  calls = calls.sort().reverse();
  platform.clocks.set('2026-03-11T08:00:00Z');
  const { config, clocks, log } = platform;
  app = await createHttpApp({ config, clocks, log: log as Logger });
  const routes = createRoutes(app, {
    platform,
    authenticate: async () => userCaller({ organizationId: 'org_operator', platformRole: 'admin' }),
  });
  registerMetering(routes, await createMeterBook(platform));
});
afterAll(async () => {
  await access.close();
  await app.close();
  await db.close();
});

const plainUsage = {
  ...{ inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 },
  ...{ outputTokens: 0, reasoningTokens: 0, estimated: false },
};
const path = '/api/v1/admin/call-exports';
const span = { from: '2026-03-11T00:00:00Z', to: '2026-03-11T07:00:00Z' };

const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload && { payload }) });

async function begin(changes: object = {}): Promise<string> {
  const answer = await send('POST', path, { ...span, format: 'jsonl', ...changes });
  expect(answer.statusCode, answer.body).toBe(202);
  return answer.json().id;
}

async function find(id: string) {
  const { data } = (await send('GET', `${path}?limit=50`)).json();
  return data.find((file: { id: string }) => file.id === id);
}

async function fileOf(id: string): Promise<string> {
  const answer = await send('GET', `${path}/${id}/file`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.body;
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const idsIn = async (id: string) => linesOf(await fileOf(id)).map(({ request_id }) => request_id);

/** Reads at the n-th part fail, as where the database goes away; or something else happens first. */
function contextWhere(part: number, happens: () => Promise<void> | void): Context {
  const context = testContext(platform);
  let reads = 0;
  const choose = async () => {
    reads += 1;
    if (reads === part) await happens();
    return context.database;
  };
  return { ...context, replica: { ...context.replica, choose } };
}

describe('a file of calls', () => {
  test.each(['jsonl', 'csv'] as const)(
    'in %s has every call once, newest first, and can be computed again',
    async (format) => {
      const id = await begin({ format });
      expect(await find(id)).toMatchObject({ ready: false, calls: 0, operation: null });
      expect((await send('GET', `${path}/${id}/file`)).json().error.code).toBe('invalid_state');
      await makeExport(testContext(platform), id, steps);
      expect(await find(id)).toMatchObject({
        ...{ ready: true, calls: 22, organization: null },
        operation: { state: 'done', done: 22, total: 22, kind: 'metering.call_export' },
        removed_at: '2026-03-18T08:00:00.000Z',
      });
      const text = await fileOf(id);
      expect(verifyReceipts(text)).toMatchObject({ receipts: 22, problems: [] });
      expect(
        verifyReceipts(text.replace('"one"', '"two"').replace(',one,', ',two,')).problems,
      ).toHaveLength(1);
      const first = format === 'jsonl' ? linesOf(text)[0] : rowOf(text, 1);
      expect(first).toMatchObject({
        ...{ request_id: calls[0], organization: organizations[0] },
        ...{ cost: '0.000000007', margin: '0.000059993' },
      });
    },
  );

  function rowOf(text: string, number: number): Record<string, string> {
    const heading = readCsvRecord(text, 0);
    let record = heading;
    for (let at = 0; at < number; at += 1) record = readCsvRecord(text, record?.next ?? 0);
    const names = heading?.fields.map((name) => name.replace('\ufeff', '')) ?? [];
    return Object.fromEntries(names.map((name, index) => [name, record?.fields[index] ?? '']));
  }

  test('is of one customer, and of one model', async () => {
    const id = await begin({ organization: organizations[1], model: 'other' });
    await makeExport(testContext(platform), id, steps);
    const lines = linesOf(await fileOf(id));
    expect(lines).toHaveLength(5);
    for (const { organization, model } of lines) {
      expect([organization, model]).toEqual([organizations[1], 'other']);
    }
  });

  test('of a time without calls is empty, with its heading', async () => {
    const id = await begin({
      from: '2026-03-01T00:00:00Z',
      to: '2026-03-02T00:00:00Z',
      format: 'csv',
    });
    await makeExport(testContext(platform), id);
    expect(verifyReceipts(await fileOf(id))).toMatchObject({ receipts: 0, problems: [] });
  });

  test('is refused for a time that is not over', async () => {
    const answer = await send('POST', path, { ...span, to: '2026-03-12T00:00:00Z' });
    expect(answer.json().error).toMatchObject({ code: 'rule_violated', param: 'to' });
  });

  test('is made by the queue, and removed with its parts', async () => {
    const id = await begin();
    await runJobsOnce(platform, meteringJobs, { url: db.url });
    expect(await idsIn(id)).toEqual(calls);
    expect((await send('DELETE', `${path}/${id}`)).statusCode).toBe(204);
    expect((await send('GET', `${path}/${id}/file`)).statusCode).toBe(404);
    const { rows } = await sql`
      select 1 from metering_call_export_parts where export_id = ${id}
    `.execute(db.database);
    expect(rows).toEqual([]);
  });
});

describe('making one', () => {
  test('stops behind a part when asked, and goes on behind it', async () => {
    const id = await begin();
    const stop = async () => {
      await stopOperation(testContext(platform), (await find(id)).operation.id);
    };
    await makeExport(contextWhere(3, stop), id, steps);
    const { operation, calls: soFar } = await find(id);
    expect(operation).toMatchObject({ state: 'stopped', can_resume: true });
    expect([4, 8, 12]).toContain(soFar);
    // What an operator stopped, nobody begins again.
    platform.clocks.set('2026-03-11T08:05:00Z');
    await makeLeftExports(testContext(platform));
    expect((await find(id)).operation.state).toBe('stopped');
    await resumeOperation(testContext(platform), operation.id, [callExports]);
    await takeUpOperation(testContext(platform), operation.id, [callExports]);
    expect(await idsIn(id)).toEqual(calls);
    expect((await find(id)).operation).toMatchObject({ state: 'done', done: 22, runs: 2 });
  });

  test.each([1, 2, 4, 6])('goes on after it failed at part %i', async (part) => {
    const id = await begin();
    const fail = () => {
      throw new Error('the database went away');
    };
    await expect(makeExport(contextWhere(part, fail), id, steps)).rejects.toThrow('went away');
    expect(await find(id)).toMatchObject({
      ...{ ready: false, calls: (part - 1) * steps.callsPerPart },
      operation: { state: 'failed', error: 'the database went away' },
    });
    await makeExport(testContext(platform), id, steps);
    expect(await idsIn(id)).toEqual(calls);
  });

  test('is left to one of two who begin at once', async () => {
    const id = await begin();
    const both = [1, 2].map(() => makeExport(testContext(platform), id, steps));
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status).sort()).not.toContain('pending');
    expect(await idsIn(id)).toEqual(calls);
  });

  test('writes no part twice where two believe to have it', async () => {
    const id = await begin();
    const part = {
      ...{ exportId: id, position: 0, content: Buffer.from('x'), calls: 1 },
      lastRequestId: calls[0] as string,
    };
    const written = await Promise.all([addPart(db.database, part), addPart(db.database, part)]);
    expect(written.sort()).toEqual([false, true]);
    expect(await find(id)).toMatchObject({ calls: 1, bytes: 1 });
    expect((await send('DELETE', `${path}/${id}`)).statusCode).toBe(204);
    expect(await addPart(db.database, { ...part, position: 1 })).toBe(false);
  });

  test.each(['finished', 'removed'])(
    'is told as done where its process died with the file %s',
    async (how) => {
      const id = await begin();
      await makeExport(testContext(platform), id, steps);
      const { operation } = await find(id);
      if (how === 'removed') await send('DELETE', `${path}/${id}`);
      await sql`
      update jobs_operations set state = 'running', heartbeat_at = '2026-03-11T00:00:00Z', ended_at = null
      where id = ${operation.id}
    `.execute(db.database);
      await makeLeftExports(testContext(platform));
      const shown = await findOperationShown(testContext(platform), operation.id, [callExports]);
      expect(shown).toMatchObject({ state: 'done', done: 22, runs: 1 });
    },
  );

  test('is begun within minutes where the queue lost it', async () => {
    const id = await begin();
    await makeLeftExports(testContext(platform));
    expect((await find(id)).ready).toBe(false);
    platform.clocks.set('2026-03-11T08:10:00Z');
    await makeLeftExports(testContext(platform));
    expect(await idsIn(id)).toEqual(calls);
  });
});
