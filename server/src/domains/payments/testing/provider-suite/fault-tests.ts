import { expect } from 'vitest';
import { createOutside, outside } from '../../outside.ts';
import type { Connection, Order, RefundOrder } from '../../provider.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import { askedOf, drawNumber, type Paid, type Stage } from './stage.ts';
import { type Fault, faults } from './wire.ts';

/** Longer than our own patience with a provider, twice: signing in and the call itself may each wait. */
const faultMs = 40_000;
/** For a line on which nothing comes: that we wait for longer elsewhere changes nothing of what is said then. */
const impatient = createOutside(1_000);

/** Faults of the outside: whatever happens on the line, every method answers, and claims nothing that it cannot know. */
export function faultTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const disturbed = faults.map((fault) => ({
    name: `takes it for unknown when the line is ${sentences[fault]}`,
    timeoutMs: faultMs,
    async run() {
      const opened = stage();
      const paid = await opened.payInSilence();
      const from = fault === 'silent' ? impatient : outside;
      const before = fault === 'silent' ? opened.connect({}, from) : opened.connection;
      await before.find(paid.asked);
      // One that has just started, and one that has called before and may have kept what it was told.
      const connections = [opened.connect({}, from), before];
      const said = await withFault(opened, fault, () =>
        Promise.all(connections.map((each) => askEverything(opened, each, paid))),
      );
      // A refusal that comes from there may be final; it is never money.
      const allowed = fault === 'echo' ? /^(unknown|declined|failed|pending|absent)$/ : /^unknown$/;
      for (const [method, status] of said.flatMap(Object.entries)) {
        if (status !== undefined) expect(status, String(method)).toMatch(allowed);
      }
      expect(opened.wire.ledAstray()).toBe(0);
      const found = await opened.connection.find(paid.asked);
      // A refund whose answer was cut off was made.
      const { afterWholeRefund = 'succeeded' } = harness;
      expect(found).toMatchObject({ status: fault === 'lost' ? afterWholeRefund : 'succeeded' });
    },
  }));
  return [
    ...disturbed,
    {
      name: 'makes no second order after an answer that was lost',
      async run() {
        const opened = stage();
        const { connection, order, arrive, recordsOf, steer } = opened;
        const ordered = order();
        await withFault(opened, 'lost', () => connection.start(ordered));
        const again = await connection.start(ordered);
        expect(again).toMatchObject({ status: 'pending' });
        if (again.status === 'pending') await arrive(again.next);
        expect(await recordsOf(ordered.number)).toBe(1);
        expect(await steer(ordered.number, { outcome: 'paid', notify: 'none' })).toBe(200);
        const reference = again.status === 'pending' ? again.reference : undefined;
        const found = await connection.find(askedOf(ordered, reference));
        expect(found).toMatchObject({ status: 'succeeded' });
      },
    },
    {
      name: 'lets no secret out in anything that it has said so far',
      run() {
        const { leaks } = stage();
        expect(leaks.count()).toBeGreaterThan(harness.testsMin);
        expect(leaks.found()).toEqual([]);
      },
    },
  ];
}

const sentences: Record<Fault, string> = {
  silent: 'silent',
  cut: 'cut before the call arrives',
  lost: 'cut before the answer comes',
  down: 'answered with an error of the server',
  noise: 'answered with a page of HTML',
  empty: 'answered with nothing',
  huge: 'answered with more than anybody should read',
  elsewhere: 'led to another host',
  echo: 'answered with an error that quotes the call',
};

async function withFault<T>(stage: Stage, fault: Fault, run: () => Promise<T>): Promise<T> {
  stage.wire.disturb(fault);
  try {
    return await run();
  } finally {
    stage.wire.disturb(undefined);
  }
}

/** What every method says; undefined where there is none. */
async function askEverything(
  stage: Stage,
  connection: Connection,
  paid: Paid,
): Promise<Record<string, string | undefined>> {
  const { harness, order, wire } = stage;
  const calls = wire.calls();
  const refund = refundOf(paid);
  const answers = {
    start: harness.startsWithoutCall ? undefined : connection.start(order()),
    find: connection.find(paid.asked),
    'find of an order that nobody knows': connection.find(askedOf(order(), undefined)),
    close: connection.close?.(paid.asked),
    refund: connection.refund?.(refund),
    findRefund: connection.findRefund?.(refund),
    statement: connection.statement?.({ date: '2026-03-31' }),
    ...askMethods(stage, connection),
  };
  const probe = connection.probe();
  const said = Object.entries(answers).map(async ([method, answer]) => {
    return [method, (await answer)?.status] as const;
  });
  expect(await probe).toMatchObject({ answers: false });
  expect(wire.calls()).toBeGreaterThan(calls);
  return Object.fromEntries(await Promise.all(said));
}

function askMethods({ harness, order }: Stage, { methods }: Connection) {
  const method = { reference: 'pm_suite', customer: 'cus_suite' };
  const saved = { ...method, kind: 'card', label: 'Visa •••• 4242', expires: null } as const;
  const { number } = order();
  return {
    setUp: harness.startsWithoutCall ? undefined : methods?.setUp(setUpOf(order())),
    findSetup: methods?.findSetup({ number, reference: 'seti_suite', mayCapture: true }),
    charge: methods?.charge(order(), saved),
    remove: methods?.remove(method).then((status) => ({ status })),
  };
}

export function refundOf({ order, asked, money }: Paid): RefundOrder {
  const { number, reference, charged } = asked;
  return {
    number: drawNumber(),
    payment: { number, reference, providerTransaction: money.providerTransaction, charged },
    amount: charged,
    reason: 'Canceled within the term',
    notifyUrl: order.notifyUrl,
  };
}

export function setUpOf({ charged, savesMethod: _saves, ...order }: Order) {
  return { ...order, currency: charged.currency };
}
