/** What takes long is told of, stops behind a batch, and is taken up where it was: by one process at a time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Refusal } from '../../platform/errors.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { ensureAuditPartitions } from '../audit/index.ts';
import {
  listOperations,
  operationsJobs,
  type Resumable,
  resumeOperation,
  runJobsOnce,
  runOperation,
  stopOperation,
  takeUpGone,
} from './index.ts';

const kind = 'test.count';
const total = 5;

let db: TestDatabase;
let platform: TestPlatform;
let key = '';
let keys = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  const now = platform.clocks.wall();
  await ensureAuditPartitions(db.database, now, new Date(now.getTime() + 60 * 86_400_000));
  await sql`
    create table counted (key text not null, number integer not null, primary key (key, number))
  `.execute(db.database);
});
beforeEach(() => {
  keys += 1;
  key = `key-${keys}`;
});
afterAll(() => db.close());

const context = () => testContext(platform);
const counted = async () => {
  const { rows } = await sql<{ number: number }>`
    select number from counted where key = ${key} order by number
  `.execute(db.database);
  return rows.map(({ number }) => number);
};

/** Writes down five numbers, one a batch, of which none can be written twice; what is there is passed over. */
function count(
  options: { onBatch?: (number: number) => Promise<void> | void; signal?: AbortSignal } = {},
): Promise<void> {
  const { signal, onBatch } = options;
  const begun = { kind, key, title: key, input: {}, total, signal };
  return runOperation(context(), begun, async (operation) => {
    for (let number = 1; number <= total && !operation.isStopping; number += 1) {
      const known = await counted();
      if (known.includes(number)) continue;
      await sql`insert into counted (key, number) values (${key}, ${number})`.execute(db.database);
      await operation.advance({ done: number, total });
      await onBatch?.(number);
    }
  });
}

const counting: Resumable = {
  kind,
  async resume(_context, operation) {
    key = operation.key;
    await count();
  },
};

async function find() {
  const { data } = await listOperations(context(), { limit: 200 }, [counting]);
  const found = data.find(({ title }) => title === key);
  if (!found) throw new Error(`${key} was never begun`);
  return found;
}
const jobs = () => runJobsOnce(platform, operationsJobs([counting]), { url: db.url });

describe('runOperation', () => {
  test('tells how far it has come, and that it is done', async () => {
    const seen: unknown[] = [];
    await count({
      onBatch: async () => {
        platform.clocks.advance('PT2S');
        const { state, done, seconds_left: left } = await find();
        seen.push([state, done, left]);
      },
    });
    // Of the first batch no pace is known yet.
    expect(seen).toEqual([
      ['running', 1, null],
      ['running', 2, 3],
      ['running', 3, 3],
      ['running', 4, 2],
      ['running', 5, 0],
    ]);
    expect(await find()).toMatchObject({ state: 'done', runs: 1, can_resume: false });
  });

  test('stops behind the batch under way, and goes on there', async () => {
    await count({
      onBatch: async (number) => {
        if (number === 2) await stopOperation(context(), (await find()).id);
      },
    });
    expect(await counted()).toEqual([1, 2, 3]);
    const { id, ...stopped } = await find();
    expect(stopped).toMatchObject({ state: 'stopped', can_stop: false, can_resume: true });
    const asked = await resumeOperation(context(), id, [counting]);
    expect(asked.state).toBe('resuming');
    await jobs();
    expect(await counted()).toEqual([1, 2, 3, 4, 5]);
    expect(await find()).toMatchObject({ id, state: 'done', runs: 2, done: 5 });
  });

  test('stops by a signal, too', async () => {
    const stop = new AbortController();
    await count({ signal: stop.signal, onBatch: () => stop.abort() });
    expect(await counted()).toEqual([1]);
    expect((await find()).state).toBe('stopped');
  });

  test('keeps why it failed, and is taken up under the same id', async () => {
    const failing = count({
      onBatch: () => {
        throw new Error('the disk is full');
      },
    });
    await expect(failing).rejects.toThrow('the disk is full');
    const { id, ...failed } = await find();
    expect(failed).toMatchObject({ state: 'failed', error: 'the disk is full', can_resume: true });
    await count();
    expect(await find()).toMatchObject({ id, state: 'done', error: null, runs: 2 });
    expect(await counted()).toEqual([1, 2, 3, 4, 5]);
  });

  test('of several at once, one runs and the others are refused', async () => {
    const refused: string[] = [];
    const others = Promise.withResolvers<void>();
    const each = async () => {
      try {
        await count({ onBatch: () => others.promise });
      } catch (error) {
        refused.push((error as Refusal).code);
        if (refused.length === 7) others.resolve();
      }
    };
    await Promise.all(Array.from({ length: 8 }, each));
    expect(refused).toEqual(Array.from({ length: 7 }, () => 'conflict'));
    expect(await counted()).toEqual([1, 2, 3, 4, 5]);
  });

  test('lets go of what another has taken up', async () => {
    await count({
      onBatch: async (number) => {
        if (number !== 2) return;
        // As long as a process that stands still would be silent.
        platform.clocks.advance('PT1M');
        await count();
      },
    });
    expect(await find()).toMatchObject({ state: 'done', runs: 2 });
    expect(await counted()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('an operation whose process was killed', () => {
  async function kill(): Promise<void> {
    const child = fork(new URL('./testing/counting-process.ts', import.meta.url), [db.url, key]);
    await once(child, 'message');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  test('is interrupted, and taken up without doing anything twice', async () => {
    // The other process has the clock on the wall.
    platform.clocks.set(new Date());
    await kill();
    expect(await counted()).toEqual([1, 2]);
    const { id, ...running } = await find();
    expect(running).toMatchObject({ state: 'running', done: 2, can_resume: false });
    await expect(count()).rejects.toMatchObject({ code: 'conflict' });
    await expect(resumeOperation(context(), id, [counting])).rejects.toMatchObject({
      code: 'invalid_state',
    });
    platform.clocks.advance('PT1M');
    expect(await find()).toMatchObject({ state: 'interrupted', can_resume: true });
    await resumeOperation(context(), id, [counting]);
    await jobs();
    expect(await counted()).toEqual([1, 2, 3, 4, 5]);
    expect(await find()).toMatchObject({ id, state: 'done', runs: 2 });
  });

  test('is taken up by itself where its kind does so', async () => {
    platform.clocks.set(new Date());
    await kill();
    await takeUpGone(context(), counting);
    expect(await counted()).toEqual([1, 2]);
    platform.clocks.advance('PT1M');
    await takeUpGone(context(), counting);
    expect(await find()).toMatchObject({ state: 'done', runs: 2 });
  });
});

describe('stopOperation and resumeOperation', () => {
  test('refuse what does not run, what is done, and what is not there', async () => {
    await count();
    const { id } = await find();
    const code = (promise: Promise<unknown>) =>
      expect(promise).rejects.toMatchObject({ code: 'invalid_state' });
    await code(stopOperation(context(), id));
    await code(resumeOperation(context(), id, [counting]));
    await expect(stopOperation(context(), 'opn_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('leave to its command what only that can go on with', async () => {
    const stop = new AbortController();
    await count({ signal: stop.signal, onBatch: () => stop.abort() });
    const { id } = await find();
    await expect(resumeOperation(context(), id, [])).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });
});
