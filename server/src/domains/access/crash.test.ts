import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccess, sweepHolds, verifyLedger } from './index.ts';
import { createAccessFixture, settleOf } from './testkit/access-fixture.ts';
import type { WorkerReport } from './testkit/access-worker.ts';
import { type OwnPostgres, startOwnPostgres } from './testkit/own-postgres.ts';
import { runWorker, type Worker } from './testkit/run-worker.ts';

let postgres: OwnPostgres;
let platform: TestPlatform;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  platform = testPlatform(postgres, { clocks: fakeClocks(new Date()) });
}, 60_000);

afterAll(() => postgres.close(), 60_000);

describe('a crash of the database right after a batch was acknowledged', () => {
  test('loses nothing of it, although nothing else wrote the log', async () => {
    // Left alone, the log stays in memory for longer than the test lasts.
    const lazy = await startOwnPostgres({ wal_writer_delay: '10s', wal_writer_flush_after: '1GB' });
    const clocks = fakeClocks(new Date());
    const access = createAccess(testPlatform(lazy, { clocks }), { url: lazy.url });
    try {
      const fixture = await createAccessFixture(testPlatform(lazy, { clocks }));
      const organization = await fixture.organization(10n ** 9n);
      const calls = Array.from({ length: 40 }, () => fixture.call(organization, 100n));
      await Promise.all(calls.map((call) => access.authorize(call)));
      // The first goes alone; the other 39 are one batch.
      await Promise.all(calls.map((call) => access.settle(settleOf(call, 60n))));
      lazy.kill();
      await expect
        .poll(async () => (await countUsage(lazy).catch(() => undefined)) ?? 'down', {
          timeout: 20_000,
        })
        .toBe(40n);
    } finally {
      await access.close();
      await lazy.close();
    }
  }, 60_000);
});

async function countUsage({ database }: OwnPostgres): Promise<bigint | undefined> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from metering_usage
  `.execute(database);
  return rows[0]?.count;
}

describe('a crash of the database under load', () => {
  test('keeps every acknowledged settle and leaves a clean ledger', async () => {
    const fixture = await createAccessFixture(platform);
    const organizations = [
      await fixture.organization(10n ** 15n),
      await fixture.organization(100_000n),
    ];
    const order = {
      url: postgres.url,
      organizations,
      task: 'pairs' as const,
      calls: 20,
      worstCase: 500,
    };
    const workers = [runWorker(order), runWorker(order)];
    await Promise.all(workers.map((worker) => settles(worker, 150)));
    postgres.kill();
    await Promise.all(workers.map((worker) => settles(worker, worker.reports.length + 150)));
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));

    const acknowledged = new Map(
      workers.flatMap(({ reports }) =>
        reports.flatMap((report) =>
          'settled' in report ? [[report.settled, BigInt(report.amount)] as const] : [],
        ),
      ),
    );
    const { rows } = await sql<{ request_id: string; amount: bigint }>`
      select request_id, amount
      from metering_usage
      where request_id = any(${[...acknowledged.keys()]})
    `.execute(postgres.database);
    expect(new Map(rows.map(({ request_id, amount }) => [request_id, amount]))).toEqual(
      acknowledged,
    );

    expect((await verifyLedger(platform)).problems).toEqual([]);
    platform.clocks.set(new Date(Date.now() + 600_000));
    await sweepHolds(platform);
    expect(await verifyLedger(platform)).toMatchObject({ problems: [], holds: 0 });
  }, 120_000);
});

function settles(worker: Worker, count: number): Promise<WorkerReport> {
  return worker.says(() => worker.reports.length >= count);
}
