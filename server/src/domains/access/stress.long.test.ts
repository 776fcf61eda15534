import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { readWallet } from '../ledger/index.ts';
import { sweepHolds, verifyLedger } from './index.ts';
import { createAccessFixture } from './testkit/access-fixture.ts';
import type { WorkerOrder } from './testkit/access-worker.ts';
import { type OwnPostgres, startOwnPostgres } from './testkit/own-postgres.ts';
import { runWorker, type Worker } from './testkit/run-worker.ts';

let postgres: OwnPostgres;
let platform: TestPlatform;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  platform = testPlatform(postgres, { clocks: fakeClocks(new Date()) });
});

afterAll(() => postgres.close());

const minutes = 4;
const processes = 3;

describe('three processes on tight funds, some of them killed', () => {
  test(`spend for ${minutes} minutes what was paid in, and not a nano more`, async () => {
    const fixture = await createAccessFixture(platform);
    const organizations = await Promise.all(
      Array.from({ length: 12 }, (_, index) => fixture.organization(BigInt(index) * 20_000n)),
    );
    const order: WorkerOrder = {
      url: postgres.url,
      organizations,
      task: 'pairs',
      calls: 30,
      worstCase: 700,
    };
    const ended: Worker[] = [];
    let running = Array.from({ length: processes }, () => runWorker(order));
    const end = Date.now() + minutes * 60_000;
    for (let turn = 1; Date.now() < end; turn += 1) {
      await sleep(2_000);
      platform.clocks.set(new Date());
      await Promise.all(organizations.map((id) => fixture.topUp(id, 30_000n)));
      await sweepHolds(platform);
      expect((await verifyLedger(platform)).problems).toEqual([]);
      if (turn % 7 === 0) running = [...running.slice(1), replace(running[0] as Worker)];
    }
    function replace(worker: Worker): Worker {
      worker.child.kill('SIGKILL');
      ended.push(worker);
      return runWorker(order);
    }
    for (const { child } of running) child.kill('SIGTERM');
    const workers = [...ended, ...running];
    await Promise.all(workers.map((worker) => worker.ended));

    const acknowledged = new Map(
      workers.flatMap(({ reports }) =>
        reports.flatMap((report) =>
          'settled' in report ? [[report.settled, report.amount] as const] : [],
        ),
      ),
    );
    const kept = await readAmounts();
    const lost = [...acknowledged].filter(([id, amount]) => kept.get(id) !== amount);
    expect(lost).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(1_000);

    platform.clocks.set(new Date(Date.now() + 600_000));
    await sweepHolds(platform);
    expect(await verifyLedger(platform)).toMatchObject({ problems: [], holds: 0 });
    for (const id of organizations) {
      expect(await readWallet(postgres.database, id)).toMatchObject({ held: 0n });
    }
  });
});

async function readAmounts(): Promise<Map<string, string>> {
  const { rows } = await sql<{ request_id: string; amount: bigint }>`
    select request_id, amount
    from metering_usage
  `.execute(postgres.database);
  return new Map(rows.map(({ request_id, amount }) => [request_id, String(amount)]));
}
