/** Operations from the command line: listed, stopped behind a batch, and taken up where they were. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOperation } from '../../domains/jobs/index.ts';
import { readConfig } from '../../platform/config.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { systemClocks } from '../../platform/time.ts';
import type { Command, Outcome } from '../command.ts';
import { jobsList, jobsResume, jobsStop } from './jobs.ts';

let db: TestDatabase;
let platform: Omit<TestPlatform, 'clocks'> & { clocks: ReturnType<typeof systemClocks> };

beforeAll(async () => {
  db = await createTestDatabase();
  platform = { ...testPlatform(db), clocks: systemClocks(() => 0) };
});
afterAll(() => db.close());

async function run(command: Command, ...rest: string[]): Promise<Outcome & { said: string }> {
  const said: string[] = [];
  const secretKey = 'a secret of the tests, longer than 32 characters';
  const config = { ...readConfig({}), secretKey, databaseUrl: db.url };
  const outcome = await command.run({
    ...{ config, rest, options: {} },
    say: (line) => said.push(line),
  });
  return { ...outcome, said: said.join('\n') };
}

async function idOf(key: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs_operations where key = ${key}
  `.execute(db.database);
  return rows[0]?.id ?? '';
}

test('shows how far an operation is, stops it, and takes it up again', async () => {
  const key = 'run_of_the_night';
  await sql`
    insert into subscriptions_billing_runs (id, status, due_until, started_at)
    values (${key}, 'stopped', ${platform.clocks.business()}, ${platform.clocks.business()})
  `.execute(db.database);
  const kind = 'subscriptions.billing_run';
  const begun = { kind, key, title: 'the night', input: {}, total: 9 };
  const working = runOperation(testContext(platform), begun, async (operation) => {
    while (!operation.isStopping) {
      await operation.advance({ done: 3, total: 9 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const said = async () => (await run(jobsList)).said;
  await expect.poll(said, { timeout: 20_000 }).toMatch(/running, 3 of 9/);
  const id = await idOf(key);
  expect(await run(jobsStop, id)).toMatchObject({ ok: true, sentence: 'the night has stopped.' });
  await working;
  expect(await run(jobsStop, id)).toMatchObject({ ok: false });
  expect((await run(jobsList)).sentence).toBe('0 running, 1 waiting for somebody, 0 done.');
  const resumed = await run(jobsResume, id);
  expect(resumed).toMatchObject({ ok: true });
  expect(resumed.sentence).toMatch(/ is done\.$/);
  const again = await run(jobsResume, id);
  expect(again).toMatchObject({ ok: false });
  expect(again.sentence).toMatch(/nothing left/);
});

test('wants one id, of an operation that is there', async () => {
  expect(await run(jobsStop)).toMatchObject({ ok: false });
  expect(await run(jobsResume, 'opn_1', 'opn_2')).toMatchObject({ ok: false });
  expect((await run(jobsStop, 'opn_none')).sentence).toMatch(/no such operation/);
});
