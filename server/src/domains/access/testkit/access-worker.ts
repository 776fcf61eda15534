/**
 * A process of its own that asks for access, for tests with several processes and for those that are killed. It is
 * told what to do by one JSON argument, and reports one JSON object a line.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../../platform/config.ts';
import { createSealer } from '../../../platform/crypto.ts';
import { openBulkDatabase } from '../../../platform/database/bulk.ts';
import { openDatabase } from '../../../platform/database/pool.ts';
import { primaryAlone } from '../../../platform/database/replica.ts';
import { createEvents } from '../../../platform/events.ts';
import { createLog } from '../../../platform/log.ts';
import { createNotifications } from '../../../platform/notifications.ts';
import { systemClocks } from '../../../platform/time.ts';
import { type Access, createAccess } from '../index.ts';
import { createAccessFixture, settleOf } from './access-fixture.ts';

export interface WorkerOrder {
  url: string;
  organizations: string[];
  /** `authorize`: ask `calls` times at once. `hold`: the same, then wait. `pairs`: authorize and settle until told to stop. */
  task: 'authorize' | 'hold' | 'pairs';
  calls: number;
  worstCase: number;
  /** The keys that they are made with, one after the other, and what they are booked under. */
  keys?: string[];
  costCenterId?: string;
}

/** What a worker says. */
export type WorkerReport =
  | { permitted: number }
  | { settled: string; amount: string }
  | { done: true };

const order: WorkerOrder = JSON.parse(process.argv[2] ?? '{}');
const log = createLog('silent');
const database = openDatabase({ url: order.url, max: 4 });
const platform = {
  config: readConfig({}),
  database,
  bulk: openBulkDatabase({ url: order.url }),
  replica: primaryAlone(database),
  clocks: systemClocks(() => 0),
  log,
  events: createEvents([]),
  sealer: createSealer('a secret of the tests, longer than 32 characters'),
  notifications: createNotifications(log),
};
const fixture = await createAccessFixture(platform);
const access = createAccess(platform, { url: order.url });
let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

if (order.task === 'pairs') {
  await Promise.all(Array.from({ length: order.calls }, () => pairs(access)));
} else {
  await askAtOnce(access);
  while (order.task === 'hold' && !isStopping) await sleep(20);
}
await access.close();
await database.destroy();
report({ done: true });

function report(message: WorkerReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function askAtOnce(access: Access): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: order.calls }, (_, index) => {
      const organization = order.organizations[index % order.organizations.length] as string;
      const { keys = ['key_fixture'], costCenterId = null } = order;
      const apiKeyId = keys[index % keys.length] as string;
      return access.authorize(
        fixture.call(organization, BigInt(order.worstCase), { apiKeyId, costCenterId }),
      );
    }),
  );
  report({ permitted: answers.filter(({ permitted }) => permitted).length });
}

/** Costs run from nothing to half above the hold; some calls are abandoned, some settled twice, some released. */
async function pairs(access: Access): Promise<void> {
  while (!isStopping) {
    const organization = pick(order.organizations);
    const call = fixture.call(organization, BigInt(order.worstCase), { minimum: 1n });
    const answer = await access.authorize(call).catch(() => undefined);
    if (!answer?.permitted) {
      await sleep(5);
      continue;
    }
    const dice = Math.random();
    if (dice < 0.02) continue;
    if (dice < 0.06) {
      await access.release(call);
      continue;
    }
    const amount = BigInt(Math.floor(Math.random() * 1.5 * order.worstCase));
    const settle = () => access.settle(settleOf(call, amount));
    await (dice < 0.1 ? Promise.all([settle(), settle()]) : settle());
    report({ settled: call.requestId, amount: String(amount) });
  }
}

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}
