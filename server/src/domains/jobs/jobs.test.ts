/** Jobs run after the commit that asked for them, once in a cluster, and say when they fail. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { inTransaction, type Platform, systemContext } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { enqueueJob, type Job, runJobsOnce, startJobs } from './index.ts';

let db: TestDatabase;
let platform: Platform;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
});
afterAll(() => db.close());

function recorder(name: string): Job & { seen: unknown[] } {
  const seen: unknown[] = [];
  return {
    name,
    seen,
    async run(context, payload) {
      expect(context.actor.kind).toBe('system');
      seen.push(payload);
    },
  };
}

describe('enqueueJob', () => {
  test('runs with its payload once the transaction has committed', async () => {
    const job = recorder('test.committed');
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, { id: 'one' }),
    );
    await runJobsOnce(platform, [job], { url: db.url });
    await runJobsOnce(platform, [job], { url: db.url });
    expect(job.seen).toEqual([{ id: 'one' }]);
  });

  test('never runs where the transaction failed', async () => {
    const job = recorder('test.rolled_back');
    const failing = inTransaction(systemContext(platform, 'req_test'), async (transaction) => {
      await enqueueJob(transaction, job.name, {});
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await runJobsOnce(platform, [job], { url: db.url });
    expect(job.seen).toEqual([]);
  });

  test('keeps one waiting job per key, the latest', async () => {
    const job = recorder('test.keyed');
    await inTransaction(systemContext(platform, 'req_test'), async (transaction) => {
      await enqueueJob(transaction, job.name, { id: 'first' }, { key: 'same' });
      await enqueueJob(transaction, job.name, { id: 'second' }, { key: 'same' });
    });
    await runJobsOnce(platform, [job], { url: db.url });
    expect(job.seen).toEqual([{ id: 'second' }]);
  });

  test('leaves a job alone until it is due', async () => {
    const job = recorder('test.later');
    const inAnHour = new Date(Date.now() + 3_600_000);
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, {}, { runAt: inAnHour }),
    );
    await runJobsOnce(platform, [job], { url: db.url });
    expect(job.seen).toEqual([]);
  });
});

describe('runJobsOnce', () => {
  test('tells of a job that failed, and leaves it to be tried again', async () => {
    const job: Job = {
      name: 'test.failing',
      run: async () => {
        throw new Error('the disk is full');
      },
    };
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, {}),
    );
    await expect(runJobsOnce(platform, [job], { url: db.url })).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: 'the disk is full' })],
    });
  });
});

describe('startJobs', () => {
  test('runs each job once in a cluster, and scheduled ones at the start', async () => {
    const scheduled = { ...recorder('test.scheduled'), cron: '0 3 * * *' };
    const once = recorder('test.cluster');
    const jobs = [scheduled, once];
    const processes = await Promise.all([
      startJobs(platform, jobs, { url: db.url, concurrency: 1 }),
      startJobs(platform, jobs, { url: db.url, concurrency: 1 }),
    ]);
    try {
      await inTransaction(systemContext(platform, 'req_test'), async (transaction) => {
        for (let id = 0; id < 20; id += 1) await enqueueJob(transaction, once.name, { id });
      });
      await vi.waitFor(() => expect(once.seen).toHaveLength(20), { timeout: 10_000 });
      await vi.waitFor(() => expect(scheduled.seen.length).toBeGreaterThan(0), { timeout: 5000 });
    } finally {
      await Promise.all(processes.map((process) => process.stop()));
    }
    expect(new Set(once.seen.map((payload) => (payload as { id: number }).id)).size).toBe(20);
  });

  test('runs a scheduled job again that died with its process', async () => {
    const job = { ...recorder('test.survivor'), cron: '0 3 * * *' };
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, {}, { key: 'scheduled:test.survivor' }),
    );
    const taken = await sql`
      update graphile_worker._private_jobs
      set locked_at = now(), locked_by = 'a killed process', attempts = 1
      where key = 'scheduled:test.survivor'
    `.execute(db.database);
    expect(taken.numAffectedRows).toBe(1n);
    const jobs = await startJobs(platform, [job], { url: db.url, concurrency: 1 });
    await vi.waitFor(() => expect(job.seen).toHaveLength(1), { timeout: 5000 });
    await jobs.stop();
  });

  test('never runs a scheduled job beside itself', async () => {
    let running = 0;
    let most = 0;
    let turns = 0;
    const slow: Job = {
      name: 'test.alone',
      cron: '0 3 * * *',
      async run() {
        running += 1;
        turns += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 200));
        running -= 1;
      },
    };
    const processes = await Promise.all(
      [1, 2].map(() => startJobs(platform, [slow], { url: db.url, concurrency: 2 })),
    );
    await vi.waitFor(() => expect(running).toBe(1), { timeout: 5000 });
    await inTransaction(systemContext(platform, 'req_test'), async (transaction) => {
      for (let id = 0; id < 4; id += 1) await enqueueJob(transaction, slow.name, { id });
    });
    await vi.waitFor(
      async () => {
        const { rows } = await sql`
          select 1
          from graphile_worker.jobs
          where task_identifier = 'test.alone'
        `.execute(db.database);
        expect(rows).toEqual([]);
      },
      { timeout: 10_000 },
    );
    await Promise.all(processes.map((process) => process.stop()));
    expect(turns).toBeGreaterThan(0);
    expect(most).toBe(1);
  });

  test('goes on where the very first question to the database failed', async () => {
    const job = recorder('test.first_question');
    await sql`create sequence first_question_tries`.execute(db.database);
    await sql`
      create function fail_first_question() returns trigger language plpgsql as $$
      begin
        if new.identifier = 'test.first_question' and nextval('first_question_tries') = 1 then
          raise exception 'the disk is full';
        end if;
        return new;
      end $$
    `.execute(db.database);
    await sql`
      create trigger fail_first_question before insert on graphile_worker._private_tasks
      for each row execute function fail_first_question()
    `.execute(db.database);
    const jobs = await startJobs(platform, [job], { url: db.url, concurrency: 2 });
    await vi.waitFor(async () => {
      const { rows } = await sql`select from first_question_tries where is_called`.execute(
        db.database,
      );
      expect(rows).toHaveLength(1);
    });
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, { id: 'after' }),
    );
    await vi.waitFor(() => expect(job.seen).toEqual([{ id: 'after' }]), { timeout: 15_000 });
    await jobs.stop();
  });

  test('goes on after every connection to the database was lost', async () => {
    const job = recorder('test.reconnect');
    const jobs = await startJobs(platform, [job], { url: db.url, concurrency: 1 });
    const { rows } = await sql`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where datname = current_database() and application_name = 'sluice jobs'
    `.execute(db.database);
    expect(rows.length).toBeGreaterThan(0);
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, job.name, { id: 'after' }),
    );
    await vi.waitFor(() => expect(job.seen).toEqual([{ id: 'after' }]), { timeout: 15_000 });
    await jobs.stop();
  });

  test('waits for what runs before it stops', async () => {
    const finished: string[] = [];
    const begun = Promise.withResolvers<void>();
    const slow: Job = {
      name: 'test.slow',
      async run() {
        begun.resolve();
        await new Promise((resolve) => setTimeout(resolve, 150));
        finished.push('slow');
      },
    };
    const jobs = await startJobs(platform, [slow], { url: db.url, concurrency: 1 });
    await inTransaction(systemContext(platform, 'req_test'), (transaction) =>
      enqueueJob(transaction, slow.name, {}),
    );
    await begun.promise;
    await jobs.stop();
    expect(finished).toEqual(['slow']);
  });

  test('has let go of the database when it has stopped, so that this may be stopped next', async () => {
    const jobs = await startJobs(platform, [recorder('test.brief')], { url: db.url });
    await jobs.stop();
    const { rows } = await sql`
      select pid
      from pg_stat_activity
      where datname = current_database() and application_name = 'sluice jobs'
    `.execute(db.database);
    expect(rows).toEqual([]);
  });
});
